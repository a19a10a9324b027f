package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.vision.UndecodableImageException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DecodeBudgetTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final DecodeBudget budget = new DecodeBudget(1 << 20);

    @Test
    void givesBackWhatWasTaken() throws Exception {
        try (DecodeBudget.Share _ = budget.admit(1 << 20, Duration.ZERO)) {
            assertThat(budget.usedBytes()).isEqualTo(1 << 20);
        }
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void refusesWhatNeverFitsAndNamesTheBound() {
        assertThatExceptionOfType(UndecodableImageException.class)
                .isThrownBy(() -> budget.admit((1 << 20) + 1, LONG))
                .withMessageContaining("1,048,577 bytes of memory; at most 1,048,576")
                .extracting(UndecodableImageException::reason)
                .isEqualTo(Reason.TOO_MUCH_MEMORY);
    }

    @Test
    void isBusyWhenNothingBecomesFreeInTime() throws Exception {
        try (DecodeBudget.Share _ = budget.admit(600_000, LONG)) {
            assertThatExceptionOfType(DecoderBusyException.class)
                    .isThrownBy(() -> budget.admit(600_000, Duration.ofMillis(20)));
        }
        budget.admit(600_000, Duration.ZERO).close();
    }

    @Test
    void letsWhoWaitsIn() throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            CompletableFuture<Long> used = new CompletableFuture<>();
            try (DecodeBudget.Share _ = budget.admit(600_000, LONG)) {
                thread.submit(() -> {
                    try (DecodeBudget.Share _ = budget.admit(1 << 20, LONG)) {
                        used.complete(budget.usedBytes());
                    }
                    return null;
                });
                assertThat(used).isNotDone();
            }
            assertThat(used.get(1, TimeUnit.MINUTES)).isEqualTo(1 << 20);
        }
    }

    /// A small picture that comes after a large one does not overtake it without end.
    @Test
    void servesInTheOrderOfComing() throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            DecodeBudget.Share first = budget.admit(600_000, LONG);
            CompletableFuture<Void> large = new CompletableFuture<>();
            thread.submit(() -> {
                budget.admit(1 << 20, LONG).close();
                large.complete(null);
                return null;
            });
            while (!budget.hasWaiting()) {
                Thread.onSpinWait();
            }
            assertThatExceptionOfType(DecoderBusyException.class)
                    .isThrownBy(() -> budget.admit(1_000, Duration.ofMillis(20)));
            first.close();
            large.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void leavesAnInterruptedThreadInterrupted() throws Exception {
        try (DecodeBudget.Share _ = budget.admit(1 << 20, LONG)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(DecoderBusyException.class).isThrownBy(() -> budget.admit(1_000, LONG));
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
