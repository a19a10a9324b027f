package dev.graft.predict.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ComputeThreadsTest {
    @Test
    void waitsForTheEndOfTheWorkThoughItIsInterrupted() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<Boolean> interruption = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            answer.complete(ComputeThreads.await(work));
            interruption.complete(Thread.currentThread().isInterrupted());
        });

        waiting.interrupt();
        assertThat(waiting.join(Duration.ofMillis(100))).isFalse();
        work.complete("done");

        assertThat(answer).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("done");
        assertThat(interruption).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
    }

    @Test
    void throwsWhatTheWorkThrew() {
        assertThatThrownBy(() -> ComputeThreads.await(CompletableFuture.failedFuture(new IllegalStateException("no"))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ComputeThreads.await(CompletableFuture.failedFuture(new IOException("no"))))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IOException.class);
    }
}
