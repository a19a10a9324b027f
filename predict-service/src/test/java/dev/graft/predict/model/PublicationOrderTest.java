package dev.graft.predict.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PublicationOrderTest {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void goesByTheTimeOfTheFactForEachModel() {
        PublicationOrder order = new PublicationOrder();

        assertThat(order.advances("flowers", FIRST)).isTrue();
        assertThat(order.advances("flowers", FIRST.plusSeconds(2))).isTrue();
        assertThat(order.advances("flowers", FIRST)).isFalse();
        assertThat(order.advances("flowers", FIRST.plusSeconds(2))).isTrue();
        assertThat(order.advances("birds", FIRST)).isTrue();
    }
}
