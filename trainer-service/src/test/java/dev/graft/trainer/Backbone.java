package dev.graft.trainer;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.UndecodableImageException;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.WeightStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;

/// A backbone, which gives embeddings as the feature service does.
final class Backbone implements AutoCloseable {
    /// Weights that are bundled; nobody has brought others.
    static final WeightStore WEIGHTS = new WeightStore(new InMemoryObjectStore(), Path.of("target", "weights"));

    private static final int BATCH = 8;

    final ChosenExtractor extractor;
    final Preprocessor preprocessor;
    private final EmbeddingEngine engine;

    Backbone() {
        this(Precision.F32);
    }

    Backbone(Precision precision) {
        this(WEIGHTS, new ExtractorChoice(null, null, null, precision));
    }

    Backbone(WeightStore store, ExtractorChoice choice) {
        extractor = Extractors.chosen(store, choice);
        preprocessor = new Preprocessor(extractor.backbone().preprocessing(), DecodeLimits.STANDARD);
        try (Safetensors weights =
                store.open(extractor.backbone(), extractor.identity().weightsSha256())) {
            engine = EngineChoice.parse("onnxruntime", "cpu")
                    .load(extractor.network(), weights, extractor.quantisation(), 2, BATCH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int dimension() {
        return engine.dimension();
    }

    float[][] embed(List<byte[]> files) {
        float[][] rows = new float[files.size()][];
        for (int first = 0; first < rows.length; first += BATCH) {
            int count = Math.min(BATCH, rows.length - first);
            FloatBuffer images = FloatBuffer.allocate(count * preprocessor.sizeBytes());
            List<byte[]> batch = files.subList(first, first + count);
            batch.parallelStream()
                    .map(this::pixels)
                    .forEachOrdered(pixels -> preprocessor.normalise(pixels, 0, images));
            float[] features = engine.embed(images.flip());
            for (int i = 0; i < count; i++) {
                rows[first + i] = new float[dimension()];
                System.arraycopy(features, i * dimension(), rows[first + i], 0, dimension());
            }
        }
        return rows;
    }

    byte[] pixels(byte[] file) {
        try {
            return preprocessor.read(file);
        } catch (UndecodableImageException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
