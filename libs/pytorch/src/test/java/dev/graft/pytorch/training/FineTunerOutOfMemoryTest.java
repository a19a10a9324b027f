package dev.graft.pytorch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.weights.FloatTensor;
import dev.graft.pytorch.ComputeDevice;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// A tuner as on a CUDA device, whose memory holds fewer rows than a batch has. It computes on the CPU,
/// whatever the device of the other tests, so that what comes of it is compared to the byte.
class FineTunerOutOfMemoryTest {
    private static final ComputeDevice CPU = new ComputeDevice.Cpu();
    private static final int ROWS = FineTunerTest.ROWS;

    /// Six rows are tried, and three; from the second step on three at once.
    @Test
    void doesTheStepAgainInPartsOfHalfTheSize() {
        BoundedMemory memory = new BoundedMemory(OptionalLong.empty(), 3);
        try (FineTuner bounded = tuner(ROWS, Optional.of(memory));
                FineTuner parted = tuner(3, Optional.empty())) {
            memory.computed.clear();
            int open = bounded.openArrays();
            for (int step = 0; step < 2; step++) {
                assertThat(step(bounded)).isEqualTo(step(parted));
            }
            // One row stands for what moves the parameters.
            assertThat(memory.computed).containsExactly(6, 3, 1, 3, 1);
            assertThat(bounded.greatestPart()).isEqualTo(3);
            assertThat(bounded.steps()).isEqualTo(2);
            assertThat(bounded.openArrays()).isEqualTo(open);
            requireEqual(bounded.parameters(), parted.parameters());
            requireEqual(bounded.state(), parted.state());
        }
    }

    @Test
    void computesLogitsAgainInPartsOfHalfTheSize() {
        BoundedMemory memory = new BoundedMemory(OptionalLong.empty(), 2);
        try (FineTuner bounded = tuner(ROWS, Optional.of(memory));
                FineTuner parted = tuner(2, Optional.empty())) {
            assertThat(bounded.logits(FloatBuffer.wrap(FineTunerTest.INPUTS), ROWS))
                    .isEqualTo(parted.logits(FloatBuffer.wrap(FineTunerTest.INPUTS), ROWS));
            assertThat(bounded.greatestPart()).isEqualTo(2);
        }
    }

    @Test
    void plansNoMoreThanTheFreeMemoryHolds() {
        long rowBytes = StepMemory.rowBytes(FineTunerTest.SMALL, false);
        BoundedMemory memory = new BoundedMemory(OptionalLong.of(6 * rowBytes), ROWS);
        try (FineTuner planned = tuner(ROWS, Optional.of(memory))) {
            assertThat(planned.greatestPart()).isBetween(1, 4);
            double unused = step(planned);
            assertThat(memory.computed).doesNotContain(ROWS);
        }
    }

    @Test
    void movesNothingWhereNotOneRowFits() {
        BoundedMemory memory = new BoundedMemory(OptionalLong.empty(), ROWS);
        try (FineTuner tuner = tuner(ROWS, Optional.of(memory))) {
            double unused = step(tuner);
            Map<String, FloatTensor> before = tuner.parameters();
            int open = tuner.openArrays();
            memory.hold(0);
            assertThatThrownBy(() -> step(tuner))
                    .isInstanceOf(OutOfDeviceMemoryException.class)
                    .hasMessage("the memory of cuda:0 is exhausted");
            requireEqual(tuner.parameters(), before);
            assertThat(tuner.steps()).isEqualTo(1);
            assertThat(tuner.openArrays()).isEqualTo(open);
        }
    }

    @Test
    void saysThatTheWeightsAloneDoNotFit() {
        assertThatThrownBy(() -> tuner(ROWS, Optional.of(new BoundedMemory(OptionalLong.empty(), 0))))
                .isInstanceOf(OutOfDeviceMemoryException.class);
    }

    private static double step(FineTuner tuner) {
        return tuner.step(FloatBuffer.wrap(FineTunerTest.INPUTS), FineTunerTest.TARGETS, 1e-2);
    }

    private static void requireEqual(Map<String, FloatTensor> found, Map<String, FloatTensor> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        found.forEach((name, tensor) -> assertThat(tensor.toArray())
                .as(name)
                .isEqualTo(expected.get(name).toArray()));
    }

    private static FineTuner tuner(int microBatch, Optional<DeviceMemory> memory) {
        TuningSettings settings = new TuningSettings(
                FineTunerTest.LOSS,
                new Descent.AdamW(0.05),
                Optional.of(new Dropout("head", 0.5, 3)),
                OptionalDouble.of(1),
                Map.of(),
                microBatch,
                1,
                false);
        return FineTuner.of(
                FineTunerTest.SMALL, FineTunerTest.WEIGHTS, FineTunerTest.SMALL.nodes(), settings, CPU, memory);
    }
}
