package dev.graft.predict.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.objectstore.ObjectStoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PassingFaultsTest {
    static Stream<Throwable> outside() {
        return Stream.of(
                new ObjectStoreUnavailableException("away", new IOException("refused")),
                new CompletionException(new TimeoutException("no broker")),
                new TopicAuthorizationException("not yet"),
                new UncheckedIOException(new IOException("broken pipe")));
    }

    static Stream<Throwable> ofTheWish() {
        return Stream.of(
                new IllegalStateException("the network gave no numbers"),
                new NullPointerException(),
                new CompletionException(new RecordTooLargeException("two megabytes")),
                new SerializationException("no text"));
    }

    @ParameterizedTest
    @MethodSource("outside")
    void waitsForWhatIsOutside(Throwable fault) {
        assertThat(PassingFaults.passes(fault)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ofTheWish")
    void givesUpWhatComesOfTheWish(Throwable fault) {
        assertThat(PassingFaults.passes(fault)).isFalse();
    }
}
