package dev.graft.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.bench.TuningTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is measured against each other does the same work.
class TrainingLoopsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int[][] BATCHES = {{3, 0, 5, 1}, {2, 7, 4, 6}, {0, 1, 2, 3}, {4, 5}};

    /// What leaves the trunk is kept in half precision, with eleven bits.
    private static final double TOLERANCE = 0.01;

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"blocks.6,conv_head", "all"})
    void graftAndThePlainLoopHaveTheSameLosses(String stages) throws IOException {
        TrialFolder folder = folder(stages);
        folder.fill();
        try (TrainingLoop own = new OwnLoop(folder);
                TrainingLoop plain = new PlainLoop(folder)) {
            double first = own.step(BATCHES[0]);
            assertThat(plain.step(BATCHES[0])).isCloseTo(first, within(TOLERANCE * first));
            for (int[] batch : BATCHES) {
                double loss = own.step(batch);
                assertThat(plain.step(batch)).isCloseTo(loss, within(TOLERANCE * loss));
            }
            assertThat(own.step(BATCHES[0])).isLessThan(first);
        }
    }

    @Test
    void anotherPassThroughTheTrunkChangesNothing() throws IOException {
        TrialFolder folder = folder("conv_head");
        folder.fill();
        double first;
        double second;
        try (TrainingLoop once = new OwnLoop(folder)) {
            first = once.step(BATCHES[0]);
            second = once.step(BATCHES[1]);
        }
        try (TrainingLoop again = new OwnLoop(folder)) {
            assertThat(again.step(BATCHES[0])).isEqualTo(first);
            again.passTrunk();
            assertThat(again.step(BATCHES[1])).isEqualTo(second);
        }
    }

    private TrialFolder folder(String stages) throws IOException {
        TuningTrial trial = new TuningTrial(
                "tf_efficientnet_lite0.in1k",
                "tf_efficientnet_lite0",
                32,
                List.of(stages.split(",")),
                8,
                3,
                4,
                2,
                1e-4,
                0.01);
        JSON.writeValue(temporary.resolve(TuningTrial.FILE).toFile(), trial);
        return TrialFolder.open(temporary);
    }
}
