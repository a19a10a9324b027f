package dev.graft.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScriptedActivationTest {
    private static final float[] NUMBERS = {-7, -1, -0.5f, 0, 0.25f, 3, 5.5f, 6, 6.5f, 100};

    /// The values and the slopes of an activation.
    private record Found(float[] values, float[] slopes) {}

    @Test
    void relu6CutsAtBothEnds() {
        Found found = found(ScriptedActivation.RELU6);
        assertThat(found.values()).containsExactly(0, 0, 0, 0, 0.25f, 3, 5.5f, 6, 6, 6);
        assertThat(found.slopes()).containsExactly(0, 0, 0, 0, 1, 1, 1, 0, 0, 0);
    }

    /// `σ + x · σ · (1 − σ)` is the slope of `x · σ(x)`.
    @Test
    void swishIsTheNumberTimesItsSigmoid() {
        Found found = found(ScriptedActivation.SWISH);
        for (int i = 0; i < NUMBERS.length; i++) {
            double sigmoid = 1 / (1 + Math.exp(-NUMBERS[i]));
            assertThat((double) found.values()[i]).isCloseTo(NUMBERS[i] * sigmoid, within(1e-5));
            assertThat((double) found.slopes()[i])
                    .isCloseTo(sigmoid + NUMBERS[i] * sigmoid * (1 - sigmoid), within(1e-5));
        }
    }

    @Test
    void servesSeveralThreadsAtOnce() throws Exception {
        float[] expected = found(ScriptedActivation.RELU6).slopes();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Callable<Found>> work = IntStream.range(0, 64)
                    .<Callable<Found>>mapToObj(_ -> () -> found(ScriptedActivation.RELU6))
                    .toList();
            for (Future<Found> done : pool.invokeAll(work)) {
                assertThat(done.get().slopes()).isEqualTo(expected);
            }
        }
    }

    private static Found found(ScriptedActivation activation) {
        boolean before = JniUtils.isGradMode();
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            JniUtils.setGradMode(true);
            NDArray numbers = manager.create(NUMBERS);
            numbers.setRequiresGradient(true);
            NDArray values = activation.compute(numbers);
            NDArray ones = manager.ones(values.getShape());
            JniUtils.backward((PtNDArray) values, (PtNDArray) ones, false, false);
            return new Found(values.toFloatArray(), numbers.getGradient().toFloatArray());
        } finally {
            JniUtils.setGradMode(before);
        }
    }
}
