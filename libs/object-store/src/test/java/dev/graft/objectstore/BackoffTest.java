package dev.graft.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minio.errors.ServerException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void triesAgainAfterAPassingFault() throws Exception {
        int result = new Backoff(3).call(() -> {
            if (calls.incrementAndGet() < 3) {
                throw new ServerException("busy", 503, "");
            }
            return 7;
        });

        assertThat(result).isEqualTo(7);
        assertThat(calls).hasValue(3);
    }

    @Test
    void givesUpWithTheLastFault() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new Backoff(2).call(() -> {
                    throw new IOException("fault " + calls.incrementAndGet());
                }))
                .withMessage("fault 2");
    }

    @Test
    void doesNotRepeatWhatWasRefused() {
        assertThatExceptionOfType(ServerException.class)
                .isThrownBy(() -> new Backoff(5).call(() -> {
                    calls.incrementAndGet();
                    throw new ServerException("no", 403, "");
                }));

        assertThat(calls).hasValue(1);
    }

    @Test
    void stopsWaitingWhenInterrupted() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(ObjectStoreUnavailableException.class)
                .isThrownBy(() -> new Backoff(5).call(() -> {
                    calls.incrementAndGet();
                    throw new IOException("down");
                }));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(1);
    }
}
