package dev.graft.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import dev.graft.contracts.PoisonEventException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class FaultsTest {

    @Test
    void knowsWhatCanNeverBeRead() {
        assertThat(Faults.kind(new PoisonEventException("no"))).isEqualTo(Faults.Kind.POISON);
        assertThat(Faults.kind(new CompletionException(new PoisonEventException("no"))))
                .isEqualTo(Faults.Kind.POISON);
    }

    @Test
    void knowsWhatWaitingMends() {
        assertThat(Faults.kind(new IllegalStateException(new ConnectException())))
                .isEqualTo(Faults.Kind.AWAY);
        assertThat(Faults.kind(new CompletionException(new IOException("away"))))
                .isEqualTo(Faults.Kind.AWAY);
        assertThat(Faults.kind(new CompletionException(new DisconnectException())))
                .isEqualTo(Faults.Kind.AWAY);
        assertThat(Faults.kind(new RuntimeException(new TimeoutException()))).isEqualTo(Faults.Kind.AWAY);
        assertThat(Faults.kind(new BackendAwayException(new NullPointerException())))
                .isEqualTo(Faults.Kind.AWAY);
    }

    @Test
    void takesEverythingElseForUnexpected() {
        assertThat(Faults.kind(new NullPointerException())).isEqualTo(Faults.Kind.UNEXPECTED);
        assertThat(Faults.kind(new IllegalStateException("who knows"))).isEqualTo(Faults.Kind.UNEXPECTED);
        assertThat(Faults.kind(new StackOverflowError())).isEqualTo(Faults.Kind.UNEXPECTED);
        assertThat(Faults.kind(new RecordTooLargeException("large"))).isEqualTo(Faults.Kind.UNEXPECTED);
        assertThat(Faults.kind(new UncheckedIOException(new JsonParseException(null, "bad"))))
                .isEqualTo(Faults.Kind.UNEXPECTED);
    }

    @Test
    void saysThePoisonsOwnReason() {
        assertThat(Faults.reason(new CompletionException(new PoisonEventException("too wide"))))
                .isEqualTo("too wide");
        assertThat(Faults.reason(new NullPointerException("x"))).contains("NullPointerException");
        assertThat(Faults.reason(new IllegalStateException("x".repeat(5_000)))).hasSizeLessThan(1_100);
    }
}
