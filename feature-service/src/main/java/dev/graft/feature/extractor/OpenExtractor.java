package dev.graft.feature.extractor;

import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.inference.NonFiniteFeaturesException;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.UndecodableImageException;
import java.nio.FloatBuffer;

/// An extractor whose network is loaded. Safe for many threads.
public final class OpenExtractor implements AutoCloseable {
    private final KnownExtractor known;
    private final Preprocessor preprocessor;
    private final EmbeddingEngine engine;

    OpenExtractor(KnownExtractor known, Preprocessor preprocessor, EmbeddingEngine engine) {
        this.known = known;
        this.preprocessor = preprocessor;
        this.engine = engine;
    }

    /// Gives what this extractor is.
    public KnownExtractor known() {
        return known;
    }

    /// Gives the way from a file's bytes to pixels.
    public Preprocessor preprocessor() {
        return preprocessor;
    }

    /// Gives the number of floats of one prepared image.
    public int floatsPerImage() {
        return engine.floatsPerImage();
    }

    /// Gives the most images that go through the network together, fewer of large ones.
    public int maxBatch() {
        return engine.maxBatch();
    }

    /// Computes the vectors of prepared images, on the calling thread.
    ///
    /// @param images float32 [count, 3, size, size], normalised, from position to limit
    /// @return float32 [count, dimension]
    /// @throws dev.graft.networks.inference.InferenceException when the engine gives no result
    /// @throws NonFiniteFeaturesException when not all of it is finite
    public float[] embed(FloatBuffer images) {
        return engine.embed(images);
    }

    /// Computes the vector of one image, on the calling thread.
    ///
    /// @param file the image's bytes
    /// @throws UndecodableImageException when they are not one complete image
    /// @throws NonFiniteFeaturesException when not all of the vector is finite
    public float[] embed(byte[] file) throws UndecodableImageException {
        float[] pixels = new float[floatsPerImage()];
        preprocessor.normalise(preprocessor.read(file), 0, pixels, 0);
        return engine.embed(pixels);
    }

    @Override
    public void close() {
        engine.close();
    }
}
