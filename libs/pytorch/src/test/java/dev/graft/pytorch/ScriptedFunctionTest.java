package dev.graft.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScriptedFunctionTest {
    private static final float[] NUMBERS = {-7, -1, -0.5f, 0, 0.25f, 3, 5.5f, 6, 6.5f, 100};

    /// The values and the slopes of a function.
    private record Found(float[] values, float[] slopes) {}

    @Test
    void relu6CutsAtBothEnds() {
        Found found = found(ScriptedFunction.RELU6);
        assertThat(found.values()).containsExactly(0, 0, 0, 0, 0.25f, 3, 5.5f, 6, 6, 6);
        assertThat(found.slopes()).containsExactly(0, 0, 0, 0, 1, 1, 1, 0, 0, 0);
    }

    /// `σ + x · σ · (1 − σ)` is the slope of `x · σ(x)`.
    @Test
    void swishIsTheNumberTimesItsSigmoid() {
        Found found = found(ScriptedFunction.SWISH);
        for (int i = 0; i < NUMBERS.length; i++) {
            double sigmoid = 1 / (1 + Math.exp(-NUMBERS[i]));
            assertThat((double) found.values()[i]).isCloseTo(NUMBERS[i] * sigmoid, within(1e-5));
            assertThat((double) found.slopes()[i])
                    .isCloseTo(sigmoid + NUMBERS[i] * sigmoid * (1 - sigmoid), within(1e-5));
        }
    }

    /// bfloat16 keeps eight bits, so that 100 stays and 0.1 does not; the slope is that of the number itself.
    @Test
    void roundsToBfloat16AndLetsSlopesThrough() {
        Found found = found(array -> {
            NDArray narrow = ScriptedFunction.TO_BFLOAT16.compute(array);
            // DJL has no name for the type.
            assertThat(narrow.getDataType()).isEqualTo(DataType.UNKNOWN);
            return ScriptedFunction.TO_FLOAT32.compute(narrow);
        });
        for (int i = 0; i < NUMBERS.length; i++) {
            assertThat(found.values()[i]).isCloseTo(NUMBERS[i], within(Math.abs(NUMBERS[i]) / 256));
            assertThat(found.slopes()[i]).isEqualTo(1);
        }
    }

    /// The sum of all results is 1 whatever the numbers, so that its slope is 0.
    @Test
    void softmaxSharesOne() {
        Found found = found(ScriptedFunction.SOFTMAX);
        double sum = 0;
        for (int i = 0; i < NUMBERS.length; i++) {
            sum += found.values()[i];
            assertThat(found.slopes()[i]).isCloseTo(0, within(1e-6f));
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
        assertThat(found.values()[NUMBERS.length - 1]).isCloseTo(1, within(1e-6f));
    }

    /// What has the type already passes as it is, and its slope with it.
    @Test
    void leavesFloat32AsItIs() {
        Found found = found(ScriptedFunction.TO_FLOAT32::compute);
        assertThat(found.values()).isEqualTo(NUMBERS);
        assertThat(found.slopes()).containsOnly(1);
    }

    @Test
    void servesSeveralThreadsAtOnce() throws Exception {
        float[] expected = found(ScriptedFunction.RELU6).slopes();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Callable<Found>> work = IntStream.range(0, 64)
                    .<Callable<Found>>mapToObj(_ -> () -> found(ScriptedFunction.RELU6))
                    .toList();
            for (Future<Found> done : pool.invokeAll(work)) {
                assertThat(done.get().slopes()).isEqualTo(expected);
            }
        }
    }

    private static Found found(ScriptedFunction function) {
        return found(function::compute);
    }

    private static Found found(UnaryOperator<NDArray> function) {
        boolean before = JniUtils.isGradMode();
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            JniUtils.setGradMode(true);
            NDArray numbers = manager.create(NUMBERS);
            numbers.setRequiresGradient(true);
            NDArray values = function.apply(numbers);
            NDArray ones = manager.ones(values.getShape());
            JniUtils.backward((PtNDArray) values, (PtNDArray) ones, false, false);
            return new Found(values.toFloatArray(), numbers.getGradient().toFloatArray());
        } finally {
            JniUtils.setGradMode(before);
        }
    }
}
