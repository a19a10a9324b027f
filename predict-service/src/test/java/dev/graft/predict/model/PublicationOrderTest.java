package dev.graft.predict.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublicationOrderTest {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant SECOND = FIRST.plusSeconds(2);

    private final PublicationOrder order = new PublicationOrder();

    @Test
    void goesByTheTimeOfTheFactForEachModel() {
        assertThat(order.advances("flowers", FIRST, record("flowers", 0))).isTrue();
        assertThat(order.advances("flowers", SECOND, record("flowers", 1))).isTrue();
        assertThat(order.advances("flowers", FIRST, record("flowers", 2))).isFalse();
        assertThat(order.advances("flowers", SECOND, record("flowers", 3))).isTrue();
        assertThat(order.advances("birds", FIRST, record("birds", 4))).isTrue();
    }

    /// Proves that the newest is published again after an older one, once, and not after a duplicate of itself.
    @Test
    void knowsTheNewestRecordThatAnOlderOneHides() {
        ConsumerRecord<String, byte[]> newest = record("flowers", 1);
        order.advances("flowers", FIRST, record("flowers", 0));
        order.advances("flowers", SECOND, newest);
        assertThat(order.hidden()).isEmpty();

        order.advances("flowers", FIRST, record("flowers", 2));
        assertThat(order.hidden()).containsExactly(new PublicationOrder.Hidden("flowers", newest));

        order.restored("flowers");
        order.advances("flowers", SECOND, record("flowers", 3));
        order.advances("flowers", SECOND, record("flowers", 4));
        assertThat(order.hidden()).isEmpty();
    }

    /// Another replica may have been quicker.
    @Test
    void hidesNothingAnyMoreOnceTheNewestIsTheLastAgain() {
        order.advances("flowers", SECOND, record("flowers", 1));
        order.advances("flowers", FIRST, record("flowers", 2));
        order.advances("flowers", SECOND, record("flowers", 3));

        assertThat(order.hidden()).isEmpty();
    }

    /// A topic that is read again from its beginning has its older records before the newest, where they hide nothing.
    @Test
    void takesAnOlderRecordBeforeTheNewestForHistory() {
        order.advances("flowers", FIRST, record("flowers", 0));
        order.advances("flowers", SECOND, record("flowers", 1));

        order.advances("flowers", FIRST, record("flowers", 0));

        assertThat(order.hidden()).isEmpty();
    }

    @Test
    void publishesNoDeletionAgain() {
        order.advances("flowers", SECOND, record("flowers", 1, null));
        order.advances("flowers", FIRST, record("flowers", 2));

        assertThat(order.hidden()).isEmpty();
    }

    private static ConsumerRecord<String, byte[]> record(String key, long offset) {
        return record(key, offset, new byte[1]);
    }

    private static ConsumerRecord<String, byte[]> record(String key, long offset, byte @Nullable [] value) {
        return new ConsumerRecord<>("topic", 0, offset, key, value);
    }
}
