package dev.graft.predict;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelPublished;
import dev.graft.contracts.ObjectKeys;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.Dense;
import dev.graft.networks.onnx.Head;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.onnxruntime.PixelClassifier;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessing;
import dev.graft.vision.Preprocessor;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// A real network with a head of random numbers, as a bundle.
final class TestModel implements AutoCloseable {
    private static final Backbone BACKBONE = Catalogue.standard().defaultBackbone();
    private static final long SELF_TEST_SEED = 7;
    private static final int SELF_TEST_IMAGES = 2;

    private final String name;
    private final int version;
    private final List<String> labels;
    private final byte[] network;
    private final PixelClassifier classifier;

    TestModel(String name, int version, String... labels) throws Exception {
        this.name = name;
        this.version = version;
        this.labels = List.of(labels);
        Network features = BACKBONE.network().upTo(BACKBONE.defaultLayer());
        try (Safetensors weights = new BundledWeights(Path.of("target", "weights"))
                .open(BACKBONE.name(), BACKBONE.sha256().orElseThrow())) {
            OnnxModel model = BackboneExport.classifier(
                    BACKBONE, features, weights, head(features.outputShape().at(0)), Map.of());
            this.network = model.toBytes();
            this.classifier = PixelClassifier.load(model, 1);
        }
    }

    private Head head(int features) {
        Random random = new Random(31L * name.hashCode() + version);
        float[] weight = new float[labels.size() * features];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) random.nextGaussian() * 0.1f;
        }
        return new Head(
                List.of(new Dense(
                        FloatTensor.of(Shape.of(labels.size(), features), weight),
                        FloatTensor.of(Shape.of(labels.size()), new float[labels.size()]))),
                Head.Output.SOFTMAX);
    }

    /// Computes what the service must answer, by label.
    float[] probabilities(byte[] file) throws Exception {
        return classifier.classify(new Preprocessor(BACKBONE.preprocessing(), DecodeLimits.STANDARD).read(file))[0];
    }

    float[][] classify(byte[] pixels) {
        return classifier.classify(pixels);
    }

    int inputSize() {
        return classifier.inputSize();
    }

    List<String> labels() {
        return labels;
    }

    byte[] network() {
        return network;
    }

    /// Gives the true card.
    ModelCard card() {
        Preprocessing recipe = BACKBONE.preprocessing();
        List<List<Double>> answers = new ArrayList<>();
        for (float[] row : classifier.classify(
                ModelCard.SelfTest.pixels(SELF_TEST_SEED, SELF_TEST_IMAGES, recipe.inputSizePixels()))) {
            answers.add(IntStream.range(0, row.length)
                    .mapToObj(i -> (double) row[i])
                    .toList());
        }
        return new ModelCard(
                name,
                version,
                new ModelCard.Preprocessing(
                        recipe.inputSizePixels(),
                        recipe.cropFraction(),
                        recipe.interpolation().name().toLowerCase(Locale.ROOT),
                        recipe.mean(),
                        recipe.std()),
                labels,
                Map.of(ModelCard.NETWORK, new ModelCard.BundleFile(sha256(network), network.length)),
                new ModelCard.SelfTest(SELF_TEST_SEED, answers));
    }

    /// Stores the bundle.
    ModelPublished store(ObjectStore store) throws Exception {
        return store(store, card(), network);
    }

    /// Stores a bundle that may be a lie.
    ModelPublished store(ObjectStore store, ModelCard card, byte[] bytes) throws Exception {
        byte[] json = new ObjectMapper().writeValueAsBytes(card);
        String prefix = ObjectKeys.bundlePrefix(name, version);
        store.put(prefix + ModelCard.NETWORK, ObjectContent.of(bytes, "application/octet-stream"));
        store.put(prefix + ModelCard.FILE, ObjectContent.of(json, "application/json"));
        return new ModelPublished(name, version, prefix, sha256(json));
    }

    static String sha256(byte[] bytes) throws IllegalStateException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        classifier.close();
    }
}
