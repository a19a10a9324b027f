package dev.graft.pytorch.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.training.Loss;
import dev.graft.networks.training.Targets;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.ComputeDevice;
import dev.graft.pytorch.Pass;
import dev.graft.pytorch.PyTorch;
import dev.graft.pytorch.TensorCopies;
import dev.graft.testkit.TestedDevice;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gradients that were taken by folded parameters and back are those by the published ones.
class FoldedGradientsTest {
    private static final FormulaWeights FORMULA = new FormulaWeights("tune:");
    private static final Loss LOSS = new Loss(Loss.Output.SOFTMAX, 0.1);
    private static final int ROWS = 2;
    private static final ComputeDevice DEVICE = ComputeDevice.parse(TestedDevice.written());

    /// Both are float32: the sums of a gradient have up to 10⁵ terms that are added in another order, and what
    /// is summed has passed some fifty layers.
    private static final double TOLERANCE = 1e-4;

    /// Against autograd through every step by itself, normalisations and all.
    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, blocks.5, 64",
        "tf_efficientnet_lite0, stem, 32",
        "efficientnet_b0, blocks.5, 64",
        "resnet18, layer3, 64",
        "densenet121, denseblock4, 64",
        "inception_v3, Mixed_7c, 96",
        "convnext_tiny, stages.3, 64",
        "vit_small_patch14_dinov2, blocks.10, 56"
    })
    void areThoseOfAutogradByThePublishedParameters(String architecture, String stage, int size) {
        Network whole = Architectures.named(architecture).withInputSize(size);
        List<Node> trained = whole.nodes()
                .subList(
                        whole.nodes().indexOf(whole.select(stage).getFirst()),
                        whole.nodes().size());
        Network upper = whole.from(whole.cut(trained).orElse("input"));
        Weights weights = FORMULA.of(upper);
        float[] inputs = FORMULA.images(1, 256);
        float[] rows = new float[Math.toIntExact(ROWS * upper.inputShape().elements())];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = inputs[i % inputs.length];
        }
        Targets targets = targets(upper.outputShape().at(0));

        Map<String, float[]> expected = byPublishedParameters(upper, weights, rows, targets);
        Map<String, float[]> found = gradients(upper, weights, trained, rows, targets);

        assertThat(found.keySet())
                .containsExactlyElementsOf(upper.parameters().stream()
                        .filter(ParameterSpec::learned)
                        .map(ParameterSpec::name)
                        .toList());
        found.forEach((name, gradient) -> requireEqual(name, gradient, expected.get(name)));
    }

    private static void requireEqual(String name, float[] gradient, float[] wanted) {
        double greatest = greatest(wanted);
        assertThat(greatest).as(name).isPositive();
        double difference = 0;
        for (int i = 0; i < wanted.length; i++) {
            difference = Math.max(difference, Math.abs((double) gradient[i] - wanted[i]));
        }
        assertThat(difference).as(name).isLessThan(TOLERANCE * greatest);
    }

    /// What is folded says nothing of the weights when a gain is zero, as published networks have it; the gain
    /// still learns from them.
    @Test
    void aGainOfZeroStillLearns() {
        String gain = "layer4.1.bn2.weight";
        Network upper = Architectures.named("resnet18").withInputSize(64).from("layer3.1.act");
        Weights weights = FORMULA.of(upper)
                .with(Map.of(gain, FloatTensor.of(dev.graft.networks.network.Shape.of(512), new float[512])));
        float[] rows = Arrays.copyOf(
                FORMULA.images(1, 64), Math.toIntExact(ROWS * upper.inputShape().elements()));
        Targets targets = targets(1000);

        Map<String, float[]> expected = byPublishedParameters(upper, weights, rows, targets);
        Map<String, float[]> found = gradients(upper, weights, upper.nodes(), rows, targets);

        requireEqual(gain, found.get(gain), expected.get(gain));
        assertThat(greatest(found.get("layer4.1.conv2.weight"))).isZero();
    }

    /// A gradient does not depend on what else is trained: `bn2` alone, though it is folded into
    /// `conv_head`. To the byte on the CPU only, as kernels of CUDA add in an order of their own.
    @Test
    void aPartOfAPairHasTheGradientThatItHasInTheWhole() {
        Network upper =
                Architectures.named("tf_efficientnet_lite0").withInputSize(64).from("blocks.6.0.bn3");
        Weights weights = FORMULA.of(upper);
        float[] rows = Arrays.copyOf(
                FORMULA.images(1, 64), Math.toIntExact(ROWS * upper.inputShape().elements()));
        Targets targets = targets(1000);
        Map<String, float[]> all = gradients(upper, weights, upper.nodes(), rows, targets);
        for (String step : List.of("bn2", "conv_head")) {
            Node node = upper.nodes().stream()
                    .filter(candidate -> candidate.name().equals(step))
                    .findFirst()
                    .orElseThrow();
            Map<String, float[]> alone = gradients(upper, weights, List.of(node), rows, targets);
            assertThat(alone.keySet()).allSatisfy(name -> assertThat(name).startsWith(step + "."));
            alone.forEach((name, gradient) -> {
                if (TestedDevice.isCpu()) {
                    assertThat(gradient).as(name).isEqualTo(all.get(name));
                } else {
                    requireEqual(name, gradient, all.get(name));
                }
            });
            assertThat(alone).hasSize(step.equals("bn2") ? 2 : 1);
        }
    }

    private static Targets targets(int classes) {
        double[] ones = new double[classes];
        Arrays.fill(ones, 1);
        return Targets.ofLabels(classes, new int[] {3, 1}, ones);
    }

    private static Map<String, float[]> gradients(
            Network network, Weights weights, List<Node> trained, float[] rows, Targets targets) {
        TuningSettings settings = new TuningSettings(
                LOSS, new Descent.Sgd(0, 0), Optional.empty(), OptionalDouble.empty(), Map.of(), ROWS, 1, false);
        return Gradients.of(FineTuner.of(network, weights, trained, settings, DEVICE), DEVICE, rows, targets);
    }

    /// Lets PyTorch differentiate the steps as they are described, none folded.
    private static Map<String, float[]> byPublishedParameters(
            Network network, Weights weights, float[] rows, Targets targets) {
        Map<String, float[]> gradients = new HashMap<>();
        try (NDManager manager = PyTorch.manager(DEVICE);
                TensorCopies copies = new TensorCopies(manager)) {
            boolean before = JniUtils.isGradMode();
            JniUtils.setGradMode(true);
            try {
                differentiate(manager, copies, network, weights, rows, targets, gradients);
            } finally {
                JniUtils.setGradMode(before);
            }
        }
        return gradients;
    }

    private static void differentiate(
            NDManager manager,
            TensorCopies copies,
            Network network,
            Weights weights,
            float[] rows,
            Targets targets,
            Map<String, float[]> gradients) {
        Map<String, NDArray> arrays = new HashMap<>();
        for (ParameterSpec parameter : network.parameters()) {
            NDArray array = copies.of(weights.tensor(parameter)).stopGradient();
            array.setRequiresGradient(parameter.learned());
            arrays.put(parameter.name(), array);
        }
        NDArray input = manager.create(rows, new Shape(network.inputShape().batched(ROWS)));
        NDArray logits = new Pass(network.steps()).run(input, arrays::get);
        double[] slopes = new double[Math.toIntExact(logits.size())];
        LOSS.evaluate(logits.toFloatArray(), targets, ROWS, slopes);
        float[] narrowed = new float[slopes.length];
        for (int i = 0; i < slopes.length; i++) {
            narrowed[i] = (float) slopes[i];
        }
        NDArray slope = manager.create(narrowed, logits.getShape());
        JniUtils.backward((PtNDArray) logits, (PtNDArray) slope, false, false);
        for (ParameterSpec parameter : network.parameters()) {
            if (parameter.learned()) {
                gradients.put(
                        parameter.name(),
                        arrays.get(parameter.name()).getGradient().toFloatArray());
            }
        }
    }

    private static double greatest(float[] values) {
        double greatest = 0;
        for (float value : values) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        return greatest;
    }
}
