package dev.graft.pytorch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.Window;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FineTunerTest {
    private static final FormulaWeights FORMULA = new FormulaWeights("tuner:");
    private static final ComputeDevice DEVICE = ComputeDevice.parse(TestedDevice.written());

    /// On a CUDA device kernels add in an order of their own, so that the same steps agree to the rounding
    /// of float32 only; AdamW moves a parameter whose gradient is nearly 0 by up to the rate, 0.01, the one
    /// way or the other.
    private static final float CUDA_TOLERANCE = 2e-2f;

    static final Loss LOSS = new Loss(Loss.Output.SOFTMAX, 0.1);
    private static final int SIZE = 8;
    static final int ROWS = 6;
    static final Network SMALL = small();
    static final Weights WEIGHTS = FORMULA.of(SMALL);
    static final float[] INPUTS = FORMULA.images(ROWS, SIZE);
    static final Targets TARGETS = Targets.ofLabels(3, new int[] {0, 1, 2, 2, 1, 0}, new double[] {1, 0.5, 1.5});

    /// Smooth everywhere, so that differences are near slopes: a folded pair, a pair with a bias, a
    /// normalisation that is not folded, a linear layer.
    private static Network small() {
        NetworkBuilder net = new NetworkBuilder("small", SIZE);
        net.stage("one").conv("conv", 5, Window.square(3).stride(2).same());
        net.batchNorm("bn", 1e-3, Activation.SWISH);
        net.stage("two").convWithBias("conv2", 4, Window.square(1)).batchNorm("bn2", 1e-3, Activation.GELU);
        net.stage("three").batchNorm("bn3", 1e-3);
        return net.pooledClassifier("head", 3);
    }

    /// Steps of a hundredth leave three digits of a difference of float32 losses, and err by their square.
    @Test
    void gradientsAreThoseOfCentralDifferences() {
        float step = 1e-2f;
        Map<String, float[]> gradients = gradients(SMALL.nodes(), ROWS);
        gradients.forEach((name, gradient) -> {
            double greatest = 0;
            for (float slope : gradient) {
                greatest = Math.max(greatest, Math.abs(slope));
            }
            for (int i = 0; i < gradient.length; i++) {
                double expected = (loss(name, i, step) - loss(name, i, -step)) / (2 * step);
                assertThat((double) gradient[i]).as(name + " " + i).isCloseTo(expected, within(2e-2 * greatest));
            }
        });
        assertThat(gradients).hasSize(3 * 2 + 1 + 2 + 2);
    }

    /// The same sum of float32 numbers in another order.
    @ParameterizedTest
    @CsvSource({"1, 1", "4, 1", "6, 2", "1, 3", "2, 4", "1, 9"})
    void partsOfABatchAddUpToTheWhole(int microBatch, int lanes) {
        Map<String, float[]> whole = gradients(SMALL.nodes(), ROWS);
        gradients(SMALL.nodes(), settings(microBatch, lanes)).forEach((name, gradient) -> {
            float greatest = 0;
            for (float slope : gradient) {
                greatest = Math.max(greatest, Math.abs(slope));
            }
            assertThat(gradient).as(name).containsExactly(whole.get(name), within(1e-5f * greatest));
        });
    }

    /// What is made of a row does not depend on the rows beside it, on one kind of CPU.
    @Test
    void lanesGiveTheLogitsOfOne() {
        try (FineTuner alone = tuner(SMALL.nodes(), settings(1, 1));
                FineTuner together = tuner(SMALL.nodes(), settings(1, 3))) {
            requireSame(
                    "logits",
                    together.logits(FloatBuffer.wrap(INPUTS), ROWS),
                    alone.logits(FloatBuffer.wrap(INPUTS), ROWS));
        }
    }

    @Test
    void anInterruptIsLeftToTheCaller() {
        try (FineTuner tuner = tuner(SMALL.nodes(), settings(1, 3))) {
            Thread.currentThread().interrupt();
            train(tuner, 1);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(tuner.steps()).isEqualTo(1);
        }
    }

    @Test
    void whatFailsInALaneReachesTheCaller() {
        assertThat(PyTorch.engine()).isNotNull();
        try (Lanes lanes = new Lanes(3)) {
            assertThatThrownBy(() -> lanes.forEach(3, lane -> {
                        if (lane > 0) {
                            throw new IllegalStateException("lane " + lane);
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("lane 1");
        }
    }

    @Test
    void movesWhatIsNamedAndLeavesAllElseBitEqual() {
        List<Node> trained = List.of(node("bn"), node("conv2"), node("head"));
        try (FineTuner tuner = tuner(trained, ROWS)) {
            Map<String, float[]> frozen = tuner.untrained();
            Map<String, FloatTensor> before = tuner.parameters();
            assertThat(before.keySet())
                    .containsExactly("bn.weight", "bn.bias", "conv2.weight", "conv2.bias", "head.weight", "head.bias");
            before.forEach((name, tensor) ->
                    assertThat(tensor.toArray()).isEqualTo(WEIGHTS.tensor(name).toArray()));
            double first = tuner.step(FloatBuffer.wrap(INPUTS), TARGETS, 1e-2);
            double second = tuner.step(FloatBuffer.wrap(INPUTS), TARGETS, 1e-2);
            assertThat(second).isLessThan(first);
            tuner.parameters()
                    .forEach((name, tensor) -> assertThat(tensor.toArray())
                            .as(name)
                            .isNotEqualTo(before.get(name).toArray()));
            assertThat(frozen).hasSize(4 + 1 + 2 + 2 * 2);
            tuner.untrained()
                    .forEach((name, values) -> assertThat(values).as(name).isEqualTo(frozen.get(name)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theSameStepsGiveTheSameBytes(int lanes) {
        Map<String, FloatTensor> first;
        try (FineTuner tuner = tuner(SMALL.nodes(), settings(1, lanes))) {
            train(tuner, 3);
            first = tuner.parameters();
        }
        try (FineTuner tuner = tuner(SMALL.nodes(), settings(1, lanes))) {
            train(tuner, 3);
            requireEqual(tuner.parameters(), first);
        }
    }

    @Test
    void goesOnFromAStateAsIfItHadNeverStopped() {
        try (FineTuner undisturbed = tuner(SMALL.nodes(), 4);
                FineTuner other = tuner(SMALL.nodes(), 4)) {
            train(undisturbed, 2);
            other.restore(undisturbed.parameters(), undisturbed.state(), undisturbed.steps());
            train(undisturbed, 2);
            train(other, 2);
            assertThat(other.steps()).isEqualTo(4);
            requireEqual(other.parameters(), undisturbed.parameters());
            requireEqual(other.state(), undisturbed.state());
            assertThatThrownBy(() -> other.restore(Map.of(), other.state(), 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> other.restore(other.parameters(), Map.of(), 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void learnsWhatItIsShown() {
        try (FineTuner tuner = tuner(SMALL.nodes(), ROWS)) {
            Targets plain = Targets.ofLabels(3, new int[] {0, 1, 2, 2, 1, 0}, new double[] {1, 1, 1});
            for (int step = 0; step < 300; step++) {
                double unused = tuner.step(FloatBuffer.wrap(INPUTS), plain, 2e-2);
            }
            float[] logits = tuner.logits(FloatBuffer.wrap(INPUTS), ROWS);
            for (int row = 0; row < ROWS; row++) {
                int best = 0;
                for (int label = 1; label < 3; label++) {
                    best = logits[row * 3 + label] > logits[row * 3 + best] ? label : best;
                }
                assertThat(plain.share(row, best)).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void leavesNoArrayOpen(int lanes) {
        try (FineTuner tuner = tuner(SMALL.nodes(), settings(1, lanes))) {
            int before = tuner.openArrays();
            train(tuner, 2);
            assertThat(tuner.logits(FloatBuffer.wrap(INPUTS), ROWS)).hasSize(ROWS * 3);
            assertThat(tuner.openArrays()).isEqualTo(before);
        }
    }

    @Test
    void cutsTheNormOfAllGradientsTogether() {
        TuningSettings cut = new TuningSettings(
                LOSS, new Descent.Sgd(0, 0), Optional.empty(), OptionalDouble.of(1e-3), Map.of(), ROWS, 1, false);
        try (FineTuner tuner = FineTuner.of(SMALL, WEIGHTS, SMALL.nodes(), cut, DEVICE)) {
            Map<String, FloatTensor> before = tuner.parameters();
            double unused = tuner.step(FloatBuffer.wrap(INPUTS), TARGETS, 1000);
            double squares = 0;
            for (Map.Entry<String, FloatTensor> moved : tuner.parameters().entrySet()) {
                for (int i = 0; i < moved.getValue().shape().elements(); i++) {
                    double way = moved.getValue().at(i)
                            - (double) before.get(moved.getKey()).at(i);
                    squares += way * way;
                }
            }
            // A norm of 1e-3 at a rate of 1000; the parameters are rounded to 6e-8.
            assertThat(Math.sqrt(squares)).isCloseTo(1, within(1e-3));
        }
    }

    /// What is left out of a row has no gradient there, and what is kept counts for both.
    @Test
    void leavesOutWhatAStepReads() {
        Dropout dropout = new Dropout("head", 0.5, 3);
        float[] factors = dropout.factors(0, 0, 1, 4);
        assertThat(factors).containsOnly(0, 2).contains(0).contains(2);
        Targets first = TARGETS.rows(0, 1);
        FloatBuffer row = FloatBuffer.wrap(INPUTS, 0, INPUTS.length / ROWS);
        try (FineTuner tuner = tuner(SMALL.nodes(), dropping(dropout, ROWS, 1));
                NDManager scope = PyTorch.manager(DEVICE)) {
            float[] byWeight = tuner.differentiate(scope, row, first)
                    .gradients()
                    .get("head.weight")
                    .toFloatArray();
            for (int i = 0; i < byWeight.length; i++) {
                if (factors[i % factors.length] == 0) {
                    assertThat(byWeight[i]).isZero();
                } else {
                    assertThat(byWeight[i]).isNotZero();
                }
            }
        }
    }

    /// The same sum of float32 numbers in another order.
    @Test
    void leavesOutTheSameHoweverABatchIsParted() {
        Dropout dropout = new Dropout("head", 0.5, 3);
        Map<String, float[]> whole = gradients(SMALL.nodes(), dropping(dropout, ROWS, 1));
        Map<String, float[]> parted = gradients(SMALL.nodes(), dropping(dropout, 1, 3));
        Map<String, float[]> everything = gradients(SMALL.nodes(), ROWS);
        assertThat(parted.get("head.weight")).containsExactly(whole.get("head.weight"), within(1e-5f));
        assertThat(everything.get("head.weight")).isNotEqualTo(whole.get("head.weight"));
    }

    /// Another step leaves out other numbers, and what is only computed none.
    @Test
    void leavesOutOthersInTheNextStep() {
        Dropout dropout = new Dropout("head", 0.5, 3);
        assertThat(dropout.factors(1, 0, ROWS, 4)).isNotEqualTo(dropout.factors(0, 0, ROWS, 4));
        try (FineTuner tuner = tuner(SMALL.nodes(), dropping(dropout, ROWS, 1));
                FineTuner plain = tuner(SMALL.nodes(), ROWS)) {
            requireSame(
                    "logits",
                    tuner.logits(FloatBuffer.wrap(INPUTS), ROWS),
                    plain.logits(FloatBuffer.wrap(INPUTS), ROWS));
        }
    }

    @Test
    void movesEachStageAtItsOwnRate() {
        TuningSettings settings = new TuningSettings(
                LOSS,
                new Descent.Sgd(0, 0),
                Optional.empty(),
                OptionalDouble.empty(),
                Map.of("one", 0.0, "two", 0.5),
                ROWS,
                1,
                false);
        Map<String, float[]> gradients = gradients(SMALL.nodes(), ROWS);
        try (FineTuner tuner = FineTuner.of(SMALL, WEIGHTS, SMALL.nodes(), settings, DEVICE)) {
            double unused = tuner.step(FloatBuffer.wrap(INPUTS), TARGETS, 1);
            Map<String, FloatTensor> moved = tuner.parameters();
            assertThat(moved.get("conv.weight").toArray())
                    .isEqualTo(WEIGHTS.tensor("conv.weight").toArray());
            for (String name : List.of("conv2.bias", "head.bias")) {
                float factor = name.equals("head.bias") ? 1 : 0.5f;
                for (int i = 0; i < gradients.get(name).length; i++) {
                    float expected =
                            WEIGHTS.tensor(name).at(i) - factor * gradients.get(name)[i];
                    // On a CUDA device the gradient itself differs from one computation to the next.
                    float tolerance = TestedDevice.isCpu() ? 1e-7f : 1e-5f;
                    assertThat(moved.get(name).at(i)).isCloseTo(expected, within(tolerance));
                }
            }
        }
    }

    @Test
    void saysThatItDivergedAndMovesNothing() {
        float[] infinite = INPUTS.clone();
        infinite[0] = Float.POSITIVE_INFINITY;
        try (FineTuner tuner = tuner(SMALL.nodes(), ROWS)) {
            Map<String, FloatTensor> before = tuner.parameters();
            assertThatThrownBy(() -> tuner.step(FloatBuffer.wrap(infinite), TARGETS, 1e-2))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("smaller learning rate");
            requireEqual(tuner.parameters(), before);
            assertThat(tuner.steps()).isZero();
        }
    }

    @Test
    void belongsToOneThread() throws Exception {
        try (FineTuner tuner = tuner(SMALL.nodes(), ROWS);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            assertThatThrownBy(() -> other.submit(tuner::parameters).get())
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void leavesGradientModeAsItWas() {
        try (FineTuner tuner = tuner(SMALL.nodes(), ROWS)) {
            boolean before = JniUtils.isGradMode();
            train(tuner, 1);
            assertThat(JniUtils.isGradMode()).isEqualTo(before);
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> tuner(SMALL.select("global_pool"), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("small");
        assertThatThrownBy(() -> FineTuner.of(SMALL.upToNode("bn3"), WEIGHTS, SMALL.nodes(), settings(1), DEVICE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings(1, 0)).isInstanceOf(IllegalArgumentException.class);
        try (FineTuner tuner = tuner(SMALL.nodes(), 1)) {
            assertThatThrownBy(() -> tuner.logits(FloatBuffer.wrap(INPUTS), ROWS + 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /// An upper part of a real network, with a trunk of others below.
    @Test
    void trainsTheUpperPartOfANetwork() {
        Network whole = Architectures.named("tf_efficientnet_lite0").withInputSize(64);
        List<Node> trained = whole.select("conv_head");
        Network upper = whole.from(whole.cut(trained).orElseThrow());
        float[] rows = Arrays.copyOf(
                FORMULA.images(1, 64), Math.toIntExact(2 * upper.inputShape().elements()));
        double[] ones = new double[1000];
        Arrays.fill(ones, 1);
        Targets targets = Targets.ofLabels(1000, new int[] {3, 7}, ones);
        try (FineTuner tuner = FineTuner.of(upper, FORMULA.of(upper), trained, settings(2), DEVICE)) {
            double first = tuner.step(FloatBuffer.wrap(rows), targets, 1e-3);
            assertThat(tuner.step(FloatBuffer.wrap(rows), targets, 1e-3)).isLessThan(first);
            assertThat(tuner.parameters().keySet()).containsExactly("conv_head.weight", "bn2.weight", "bn2.bias");
        }
    }

    /// A copy and a change of type cut what is differentiated, silently, in DJL: of `x · copy(x)` the slope is
    /// `x`, as if the copy were a constant, not `2x`. None of them may stand between a leaf and the logits.
    @Test
    void copiesAndChangesOfTypeCutWhatIsDifferentiated() {
        assertThat(slopeOfProductWith(leaf -> leaf.mul(1))).containsExactly(6, -4);
        assertThat(slopeOfProductWith(NDArray::duplicate)).containsExactly(3, -2);
        assertThat(slopeOfProductWith(NDArray::stopGradient)).containsExactly(3, -2);
        assertThat(slopeOfProductWith(
                        leaf -> leaf.toType(DataType.FLOAT64, true).toType(DataType.FLOAT32, true)))
                .containsExactly(3, -2);
    }

    private static float[] slopeOfProductWith(UnaryOperator<NDArray> copy) {
        try (NDManager manager = PyTorch.manager(DEVICE)) {
            boolean before = JniUtils.isGradMode();
            JniUtils.setGradMode(true);
            try {
                NDArray leaf = manager.create(new float[] {3, -2}, new Shape(2));
                leaf.setRequiresGradient(true);
                NDArray product = leaf.mul(copy.apply(leaf));
                NDArray ones = manager.ones(new Shape(2));
                JniUtils.backward((PtNDArray) product, (PtNDArray) ones, false, false);
                return leaf.getGradient().toFloatArray();
            } finally {
                JniUtils.setGradMode(before);
            }
        }
    }

    private static Map<String, float[]> gradients(List<Node> trained, int microBatch) {
        return gradients(trained, settings(microBatch));
    }

    private static Map<String, float[]> gradients(List<Node> trained, TuningSettings settings) {
        return Gradients.of(tuner(trained, settings), DEVICE, INPUTS, TARGETS);
    }

    /// The loss when one number of a parameter is another.
    private static double loss(String name, int index, float change) {
        float[] values = WEIGHTS.tensor(name).toArray();
        values[index] += change;
        Weights changed = WEIGHTS.with(Map.of(name, FloatTensor.of(WEIGHTS.shape(name), values)));
        try (FineTuner tuner = FineTuner.of(SMALL, changed, SMALL.nodes(), settings(ROWS), DEVICE)) {
            float[] logits = tuner.logits(FloatBuffer.wrap(INPUTS), ROWS);
            return LOSS.evaluate(logits, TARGETS, ROWS, new double[logits.length]);
        }
    }

    private static void train(FineTuner tuner, int steps) {
        for (int step = 0; step < steps; step++) {
            double unused = tuner.step(FloatBuffer.wrap(INPUTS), TARGETS, 1e-2);
        }
    }

    private static void requireEqual(Map<String, FloatTensor> found, Map<String, FloatTensor> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        found.forEach((name, tensor) ->
                requireSame(name, tensor.toArray(), expected.get(name).toArray()));
    }

    /// To the byte on the CPU, else to [#CUDA_TOLERANCE].
    private static void requireSame(String name, float[] found, float[] expected) {
        if (TestedDevice.isCpu()) {
            assertThat(found).as(name).isEqualTo(expected);
        } else {
            assertThat(found).as(name).containsExactly(expected, within(CUDA_TOLERANCE));
        }
    }

    private static Node node(String name) {
        return SMALL.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static FineTuner tuner(List<Node> trained, int microBatch) {
        return tuner(trained, settings(microBatch));
    }

    private static FineTuner tuner(List<Node> trained, TuningSettings settings) {
        return FineTuner.of(SMALL, WEIGHTS, trained, settings, DEVICE);
    }

    private static TuningSettings dropping(Dropout dropout, int microBatch, int lanes) {
        return new TuningSettings(
                LOSS,
                new Descent.Sgd(0, 0),
                Optional.of(dropout),
                OptionalDouble.empty(),
                Map.of(),
                microBatch,
                lanes,
                false);
    }

    private static TuningSettings settings(int microBatch) {
        return settings(microBatch, 1);
    }

    private static TuningSettings settings(int microBatch, int lanes) {
        return new TuningSettings(
                LOSS,
                new Descent.AdamW(0.05),
                Optional.empty(),
                OptionalDouble.empty(),
                Map.of(),
                microBatch,
                lanes,
                false);
    }
}
