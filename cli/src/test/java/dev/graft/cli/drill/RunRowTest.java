package dev.graft.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunRowTest {
    private static final int EPOCHS = 10;
    private static final int IMAGES = 243;
    private static final long PASSES = 2L * EPOCHS * IMAGES;

    @ParameterizedTest
    @CsvSource({"1, 1", "485, 1", "486, 2", "4373, 9", "4374, 10", "4860, 10"})
    void countsEpochsOfTwoPasses(long done, int epoch) {
        assertThat(row("RUNNING", 1, 5, "FINE_TUNING", done).epoch(EPOCHS)).hasValue(epoch);
    }

    @Test
    void knowsNoEpochBeforeTheFirstPassAndInOtherPhases() {
        assertThat(row("RUNNING", 1, 5, "FINE_TUNING", 0).epoch(EPOCHS)).isEmpty();
        assertThat(row("RUNNING", 1, 5, "TRAINING", 400).epoch(EPOCHS)).isEmpty();
    }

    @Test
    void saysInWhichStateTheJobIs() {
        assertThat(row("QUEUED", 0, 0, "QUEUED", 0)).matches(row -> !row.isWorkedOn() && !row.hasEnded());
        assertThat(row("RUNNING", 1, 5, "TRAINING", 0)).matches(row -> row.isWorkedOn() && !row.hasEnded());
        assertThat(row("FAILED", 4, 9, "FAILED", 0)).matches(row -> !row.isWorkedOn() && row.hasEnded());
    }

    @Test
    void thirdAttemptWithoutComingFurtherIsTheLast() {
        assertThat(row("RUNNING", 2, 5, "TRAINING", 0).isLastAttempt()).isFalse();
        assertThat(row("RUNNING", 3, 5, "TRAINING", 0).isLastAttempt()).isTrue();
    }

    @Test
    void processHasBegunSomethingOnceItNotedMoreThanThatItIsThere() {
        RunRow before = row("RUNNING", 1, 20, "PUBLISHING", 0);

        assertThat(row("RUNNING", 2, 20, "PUBLISHING", 0).isTakenUpOnly(Optional.of(before)))
                .isTrue();
        assertThat(row("RUNNING", 2, 21, "PUBLISHING", 0).isTakenUpOnly(Optional.of(before)))
                .isTrue();
        assertThat(row("RUNNING", 2, 22, "PUBLISHING", 0).isTakenUpOnly(Optional.of(before)))
                .isFalse();
    }

    @Test
    void firstProcessHasBegunNothingWhileTheRunIsInNoStage() {
        assertThat(row("RUNNING", 1, 4, "EMBEDDING", 300).isTakenUpOnly(Optional.empty()))
                .isTrue();
        assertThat(row("RUNNING", 1, 5, "TRAINING", 0).isTakenUpOnly(Optional.empty()))
                .isFalse();
    }

    private static RunRow row(String job, int attempts, long notes, String phase, long done) {
        return new RunRow(job, 7, attempts, notes, phase, done, PASSES);
    }
}
