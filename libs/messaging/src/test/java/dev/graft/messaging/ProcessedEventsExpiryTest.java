package dev.graft.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Topics;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessedEventsExpiryTest {
    /// Proves that a dead letter which is replayed on its last day finds its event known to those that have handled it.
    @Test
    void knowsAnEventForLongerThanADeadLetterOfItIsKept() {
        long keptMillis = Long.parseLong(Topics.deadLetterSettings().getOrDefault("retention.ms", ""));

        assertThat(Duration.parse(ProcessedEventsExpiry.RETENTION)).isGreaterThan(Duration.ofMillis(keptMillis));
    }
}
