package dev.graft.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import dev.graft.contracts.PoisonEventException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
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
        assertThat(Faults.kind(new UncheckedIOException(new SocketTimeoutException("Read timed out"))))
                .isEqualTo(Faults.Kind.AWAY);
        assertThat(Faults.kind(new UncheckedIOException(new UnknownHostException("kafka"))))
                .isEqualTo(Faults.Kind.AWAY);
        assertThat(Faults.kind(new UncheckedIOException(new ClosedChannelException())))
                .isEqualTo(Faults.Kind.AWAY);
        assertThat(Faults.kind(new CompletionException(new DisconnectException())))
                .isEqualTo(Faults.Kind.AWAY);
        assertThat(Faults.kind(new BackendAwayException(new NullPointerException())))
                .isEqualTo(Faults.Kind.AWAY);
    }

    @Test
    void knowsWhatThereIsNoRoomFor() {
        assertThat(Faults.kind(new CompletionException(new NoRoomException(new ConnectException()))))
                .isEqualTo(Faults.Kind.NO_ROOM);
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

    /// Proves that what no backend's return mends is not waited for.
    @Test
    void doesNotTakeAFullDiskOrAnOwnDeadlineForABackendThatIsAway() {
        assertThat(Faults.kind(new UncheckedIOException(new IOException("No space left on device"))))
                .isEqualTo(Faults.Kind.UNEXPECTED);
        assertThat(Faults.kind(new UncheckedIOException(new NoSuchFileException("/tmp/x"))))
                .isEqualTo(Faults.Kind.UNEXPECTED);
        assertThat(Faults.kind(new CompletionException(new TimeoutException()))).isEqualTo(Faults.Kind.UNEXPECTED);
        assertThat(Faults.kind(new io.smallrye.mutiny.TimeoutException())).isEqualTo(Faults.Kind.UNEXPECTED);
    }

    @Test
    void saysThePoisonsOwnReason() {
        assertThat(Faults.reason(new CompletionException(new PoisonEventException("too wide"))))
                .isEqualTo("too wide");
        assertThat(Faults.reason(new NullPointerException("x"))).contains("NullPointerException");
        assertThat(Faults.reason(new IllegalStateException("x".repeat(5_000)))).hasSizeLessThan(1_100);
    }
}
