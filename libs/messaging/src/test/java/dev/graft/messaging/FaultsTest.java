package dev.graft.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.PoisonEventException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FaultsTest {

    @Test
    void givesUpWhatFailsTheSameWayForEver() {
        assertThat(Faults.isPermanent(new PoisonEventException("no"))).isTrue();
        assertThat(Faults.isPermanent(new CompletionException(new PoisonEventException("no"))))
                .isTrue();
        assertThat(Faults.isPermanent(new CompletionException(database("23505"))))
                .isTrue();
        assertThat(Faults.isPermanent(new CompletionException(database("22001"))))
                .isTrue();
        assertThat(Faults.isPermanent(database("54000"))).isTrue();
        assertThat(Faults.isPermanent(new NullPointerException())).isTrue();
    }

    @Test
    void waitsForWhatMayPass() {
        assertThat(Faults.isPermanent(new IllegalStateException(new ConnectException())))
                .isFalse();
        assertThat(Faults.isPermanent(new CompletionException(database("57P01"))))
                .isFalse();
        assertThat(Faults.isPermanent(database("40001"))).isFalse();
        assertThat(Faults.isPermanent(new CompletionException(new IOException("away"))))
                .isFalse();
        assertThat(Faults.isPermanent(new IllegalStateException("who knows"))).isFalse();
    }

    @Test
    void saysThePoisonsOwnReason() {
        assertThat(Faults.reason(new CompletionException(new PoisonEventException("too wide"))))
                .isEqualTo("too wide");
        assertThat(Faults.reason(new NullPointerException("x"))).contains("NullPointerException");
    }

    private static PgException database(String sqlState) {
        return new PgException("refused", "ERROR", sqlState, null);
    }
}
