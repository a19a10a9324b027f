package dev.graft.pytorch.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.training.Loss;
import dev.graft.networks.training.Targets;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.ComputeDevice;
import dev.graft.pytorch.PyTorch;
import dev.graft.testkit.TestedDevice;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Trainings that differentiate in bfloat16, beside the same in float32.
class MixedPrecisionTest {
    private static final FormulaWeights FORMULA = new FormulaWeights("mixed:");
    private static final ComputeDevice DEVICE = ComputeDevice.parse(TestedDevice.written());
    private static final Loss LOSS = FineTunerTest.LOSS;
    private static final Network SMALL = FineTunerTest.SMALL;
    private static final int ROWS = FineTunerTest.ROWS;

    /// bfloat16 keeps eight bits, so that each number is off by up to a 256th. Errors of the layers that a
    /// gradient has passed add up as those of independent draws do: a few layers leave a twentieth of its
    /// length.
    @Test
    void gradientsAgreeWithThoseOfFloat32() {
        Map<String, float[]> mixed = gradients(SMALL, FineTunerTest.WEIGHTS, SMALL.nodes(), FineTunerTest.INPUTS, true);
        gradients(SMALL, FineTunerTest.WEIGHTS, SMALL.nodes(), FineTunerTest.INPUTS, false)
                .forEach((name, expected) -> assertThat(difference(mixed.get(name), expected))
                        .as(name)
                        .isBetween(1e-6, 0.05));
    }

    /// Every kind of step: pairs that are folded and normalisations that are not, padded poolings,
    /// transformers. Their stages are deep, and the weights of a formula amplify what is rounded.
    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, blocks.5, 64",
        "efficientnet_b0, blocks.5, 64",
        "resnet18, layer3, 64",
        "densenet121, denseblock4, 64",
        "inception_v3, Mixed_7c, 96",
        "convnext_tiny, stages.3, 64",
        "vit_small_patch14_dinov2, blocks.10, 56"
    })
    void gradientsOfNetworksPointTheSameWay(String architecture, String stage, int size) {
        Network whole = Architectures.named(architecture).withInputSize(size);
        List<Node> trained = whole.nodes()
                .subList(
                        whole.nodes().indexOf(whole.select(stage).getFirst()),
                        whole.nodes().size());
        Network upper = whole.from(whole.cut(trained).orElseThrow());
        float[] images = FORMULA.images(1, 256);
        float[] inputs = new float[Math.toIntExact(ROWS * upper.inputShape().elements())];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = images[i % images.length];
        }
        Weights weights = FORMULA.of(upper);
        Map<String, float[]> mixed = gradients(upper, weights, trained, inputs, true);
        gradients(upper, weights, trained, inputs, false)
                .forEach((name, expected) -> assertThat(difference(mixed.get(name), expected))
                        .as(name)
                        .isLessThan(0.3));
    }

    /// The length of the difference of two gradients by that of the expected one.
    private static double difference(float[] found, float[] expected) {
        double squares = 0;
        double ofExpected = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += Math.pow((double) found[i] - expected[i], 2);
            ofExpected += Math.pow(expected[i], 2);
        }
        return Math.sqrt(squares / ofExpected);
    }

    /// What is served is float32, so that epochs are compared by what float32 gives.
    @Test
    void logitsAreThoseOfFloat32() {
        try (FineTuner mixed = tuner(true, ROWS, 1);
                FineTuner plain = tuner(false, ROWS, 1)) {
            assertThat(mixed.logits(FloatBuffer.wrap(FineTunerTest.INPUTS), ROWS))
                    .isEqualTo(plain.logits(FloatBuffer.wrap(FineTunerTest.INPUTS), ROWS));
        }
    }

    @Test
    void learnsWhatItIsShown() {
        Targets plain = Targets.ofLabels(3, new int[] {0, 1, 2, 2, 1, 0}, new double[] {1, 1, 1});
        try (FineTuner tuner = tuner(true, ROWS, 1)) {
            double first = tuner.step(FloatBuffer.wrap(FineTunerTest.INPUTS), plain, 2e-2);
            double last = first;
            for (int step = 0; step < 300; step++) {
                last = tuner.step(FloatBuffer.wrap(FineTunerTest.INPUTS), plain, 2e-2);
            }
            // With a tenth of each target smoothed away the least loss is 0.291.
            assertThat(first).isGreaterThan(0.9);
            assertThat(last).isLessThan(0.35);
        }
    }

    @Test
    void leavesWhatIsNotTrainedBitEqual() {
        List<Node> trained = SMALL.nodes().stream()
                .filter(node -> List.of("bn", "conv2", "head").contains(node.name()))
                .toList();
        TuningSettings settings = settings(true, ROWS, 1);
        try (FineTuner tuner = FineTuner.of(SMALL, FineTunerTest.WEIGHTS, trained, settings, DEVICE)) {
            Map<String, float[]> frozen = tuner.untrained();
            train(tuner, 3);
            tuner.untrained()
                    .forEach((name, values) -> assertThat(values).as(name).isEqualTo(frozen.get(name)));
        }
    }

    /// On the CPU only: kernels of CUDA add in an order of their own.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theSameStepsGiveTheSameBytesOnTheCpu(int lanes) {
        Map<String, FloatTensor> first = trained(lanes);
        trained(lanes)
                .forEach((name, tensor) -> assertThat(tensor.toArray())
                        .as(name)
                        .isEqualTo(first.get(name).toArray()));
    }

    private static Map<String, FloatTensor> trained(int lanes) {
        try (FineTuner tuner = FineTuner.of(
                SMALL, FineTunerTest.WEIGHTS, SMALL.nodes(), settings(true, 1, lanes), new ComputeDevice.Cpu())) {
            train(tuner, 3);
            return tuner.parameters();
        }
    }

    @Test
    void leavesOutWhatAStepReads() {
        Dropout dropout = new Dropout("head", 0.5, 3);
        TuningSettings settings = new TuningSettings(
                LOSS, new Descent.Sgd(0, 0), Optional.of(dropout), OptionalDouble.empty(), Map.of(), ROWS, 1, true);
        float[] factors = dropout.factors(0, 0, 1, 4);
        FloatBuffer row = FloatBuffer.wrap(FineTunerTest.INPUTS, 0, FineTunerTest.INPUTS.length / ROWS);
        try (FineTuner tuner = FineTuner.of(SMALL, FineTunerTest.WEIGHTS, SMALL.nodes(), settings, DEVICE);
                NDManager scope = PyTorch.manager(DEVICE)) {
            float[] byWeight = tuner.differentiate(scope, row, FineTunerTest.TARGETS.rows(0, 1))
                    .gradients()
                    .get("head.weight")
                    .toFloatArray();
            for (int i = 0; i < byWeight.length; i++) {
                assertThat(byWeight[i] == 0).isEqualTo(factors[i % factors.length] == 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void leavesNoArrayOpen(int lanes) {
        try (FineTuner tuner = tuner(true, 1, lanes)) {
            int before = tuner.openArrays();
            train(tuner, 2);
            assertThat(tuner.openArrays()).isEqualTo(before);
        }
    }

    private static void train(FineTuner tuner, int steps) {
        for (int step = 0; step < steps; step++) {
            double unused = tuner.step(FloatBuffer.wrap(FineTunerTest.INPUTS), FineTunerTest.TARGETS, 1e-2);
        }
    }

    private static Map<String, float[]> gradients(
            Network network, Weights weights, List<Node> trained, float[] inputs, boolean mixed) {
        int classes = network.outputShape().at(0);
        double[] ones = new double[classes];
        Arrays.fill(ones, 1);
        Targets targets = Targets.ofLabels(classes, new int[] {0, 1, 2, 2, 1, 0}, ones);
        FineTuner tuner = FineTuner.of(network, weights, trained, settings(mixed, ROWS, 1), DEVICE);
        return Gradients.of(tuner, DEVICE, inputs, targets);
    }

    private static FineTuner tuner(boolean mixed, int microBatch, int lanes) {
        return FineTuner.of(SMALL, FineTunerTest.WEIGHTS, SMALL.nodes(), settings(mixed, microBatch, lanes), DEVICE);
    }

    private static TuningSettings settings(boolean mixed, int microBatch, int lanes) {
        return new TuningSettings(
                LOSS,
                new Descent.AdamW(0.05),
                Optional.empty(),
                OptionalDouble.empty(),
                Map.of(),
                microBatch,
                lanes,
                mixed);
    }
}
