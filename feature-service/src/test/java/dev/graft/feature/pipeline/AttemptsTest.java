package dev.graft.feature.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.feature.embedding.Failure;
import dev.graft.feature.queue.Claim;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    @Test
    void saysHowManyProcessesEnded() {
        assertThat(Attempts.reason(givenUp(1))).isEqualTo(Failure.Reason.ENDED_PROCESS);
        assertThat(Attempts.detail(givenUp(1))).contains("ended 2 of 3 times");
    }

    @Test
    void blamesNoProcessWhenEveryFaultWasSeen() {
        assertThat(Attempts.reason(givenUp(3))).isEqualTo(Failure.Reason.NOT_COMPUTABLE);
        assertThat(Attempts.detail(givenUp(3))).contains("broke off 3 times").doesNotContain("process");
    }

    @Test
    void namesTheFaultWithoutItsClass() {
        assertThat(Attempts.brokeOff(3, new OutOfMemoryError("heap"), "4711"))
                .isEqualTo("It broke off 3 times, the last time by want of memory;"
                        + " the log of the feature service says more about incident 4711.");
    }

    private static Claim givenUp(int faults) {
        return new Claim(new UUID(0, 1), 1, List.of("a".repeat(64)), Claim.Reason.GIVEN_UP, 3, faults);
    }
}
