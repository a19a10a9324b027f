package dev.graft.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.inference.InferenceException;
import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.Dense;
import dev.graft.networks.onnx.Head;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The exported classifier, from bytes of pixels to probabilities, gives what its parts give one after the other.
class PixelClassifierTest {
    private static final Backbone BACKBONE =
            Catalogue.standard().defaultBackbone().withInputSize(96);
    private static final Network NETWORK = BACKBONE.network().upTo(BACKBONE.defaultLayer());
    private static final FormulaWeights FORMULA = new FormulaWeights("classifier:");
    private static final Weights WEIGHTS = FORMULA.of(NETWORK);
    private static final RandomGenerator RANDOM = RandomGenerator.of("L64X128MixRandom");
    private static final int IMAGES = 3;

    @Test
    void givesTheProbabilitiesOfASoftmaxHead() {
        Head head = new Head(
                List.of(
                        new Dense(random(16, 1280), random(16), Optional.of(Activation.RELU)),
                        new Dense(random(5, 16), random(5))),
                Head.Output.SOFTMAX);
        byte[] pixels = pixels();
        float[] features = features(pixels);
        try (PixelClassifier classifier = load(head)) {
            assertThat(classifier.classes()).isEqualTo(5);
            assertThat(classifier.inputSize()).isEqualTo(96);
            assertThat(classifier.metadata())
                    .containsEntry("labels", "[\"ä\"]")
                    .containsEntry("backbone", BACKBONE.name())
                    .containsEntry("interpolation", "bicubic")
                    .containsEntry("inputSize", "96");
            float[][] probabilities = classifier.classify(pixels);
            for (int i = 0; i < IMAGES; i++) {
                double[] expected = softmax(logits(head, Arrays.copyOfRange(features, i * 1280, (i + 1) * 1280)));
                assertClose(probabilities[i], expected);
            }
        }
    }

    @Test
    void givesBothProbabilitiesOfASigmoidHead() {
        Head head = new Head(List.of(new Dense(random(1, 1280), random(1))), Head.Output.SIGMOID);
        byte[] pixels = pixels();
        float[] features = features(pixels);
        try (PixelClassifier classifier = load(head)) {
            float[][] probabilities = classifier.classify(pixels);
            for (int i = 0; i < IMAGES; i++) {
                double logit = logits(head, Arrays.copyOfRange(features, i * 1280, (i + 1) * 1280))[0];
                double second = 1 / (1 + Math.exp(-logit));
                assertClose(probabilities[i], new double[] {1 - second, second});
            }
        }
    }

    @Test
    void isTheSameFromItsFile(@TempDir Path directory) throws IOException {
        Head head = new Head(List.of(new Dense(random(2, 1280), random(2))), Head.Output.SOFTMAX);
        OnnxModel model = BackboneExport.classifier(BACKBONE, NETWORK, WEIGHTS, head, Map.of());
        Path file = directory.resolve("model.onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
            model.writeTo(out);
        }
        assertThat(file).hasSize(model.sizeBytes()).hasBinaryContent(model.toBytes());
        byte[] pixels = pixels();
        try (PixelClassifier first = PixelClassifier.load(model, 1);
                PixelClassifier second = PixelClassifier.load(file, 2)) {
            assertThat(second.classify(pixels)).isDeepEqualTo(first.classify(pixels));
        }
    }

    @Test
    void refusesPartsOfImagesAndForeignModels(@TempDir Path directory) throws IOException {
        Head head = new Head(List.of(new Dense(random(2, 1280), random(2))), Head.Output.SOFTMAX);
        try (PixelClassifier classifier = load(head)) {
            assertThatThrownBy(() -> classifier.classify(new byte[5])).isInstanceOf(IllegalArgumentException.class);
        }
        OnnxModel features = BackboneExport.features(NETWORK, WEIGHTS);
        assertThatThrownBy(() -> PixelClassifier.load(features, 1)).isInstanceOf(IllegalArgumentException.class);
        Path file = Files.writeString(directory.resolve("no.onnx"), "not a model");
        assertThatThrownBy(() -> PixelClassifier.load(file, 1)).isInstanceOf(InferenceException.class);
    }

    @Test
    void refusesHeadsThatDoNotFit() {
        Head head = new Head(List.of(new Dense(random(2, 7), random(2))), Head.Output.SOFTMAX);
        assertThatThrownBy(() -> BackboneExport.classifier(BACKBONE, NETWORK, WEIGHTS, head, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Head(List.of(new Dense(random(2, 7), random(2))), Head.Output.SIGMOID))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Dense(random(2, 7), random(3))).isInstanceOf(IllegalArgumentException.class);
    }

    private static PixelClassifier load(Head head) {
        return PixelClassifier.load(
                BackboneExport.classifier(BACKBONE, NETWORK, WEIGHTS, head, Map.of("labels", "[\"ä\"]")), 1);
    }

    private static byte[] pixels() {
        byte[] pixels = new byte[IMAGES * 96 * 96 * 3];
        RANDOM.nextBytes(pixels);
        return pixels;
    }

    private static float[] features(byte[] pixels) {
        Preprocessor preprocessor = new Preprocessor(BACKBONE.preprocessing(), DecodeLimits.STANDARD);
        float[] images = new float[pixels.length];
        for (int i = 0; i < IMAGES; i++) {
            int offset = i * preprocessor.sizeBytes();
            preprocessor.normalise(pixels, offset, images, offset);
        }
        try (EmbeddingEngine engine = OnnxRuntimeEngine.load(NETWORK, WEIGHTS, 1, 4)) {
            return engine.embed(images);
        }
    }

    private static double[] logits(Head head, float[] features) {
        double[] values = new double[features.length];
        Arrays.setAll(values, i -> features[i]);
        for (Dense layer : head.layers()) {
            double[] next = new double[layer.outFeatures()];
            for (int out = 0; out < next.length; out++) {
                next[out] = layer.bias().at(out);
                for (int in = 0; in < values.length; in++) {
                    next[out] += layer.weight().at((long) out * values.length + in) * values[in];
                }
                next[out] = layer.activation().isPresent() ? Math.max(0, next[out]) : next[out];
            }
            values = next;
        }
        return values;
    }

    private static double[] softmax(double[] logits) {
        double[] powers = Arrays.stream(logits).map(Math::exp).toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(power -> power / sum).toArray();
    }

    private static void assertClose(float[] actual, double[] expected) {
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-5));
        }
    }

    private static FloatTensor random(int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (RANDOM.nextFloat() - 0.5f) * 0.1f;
        }
        return FloatTensor.of(shape, values);
    }
}
