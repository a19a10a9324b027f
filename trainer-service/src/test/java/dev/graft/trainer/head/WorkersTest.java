package dev.graft.trainer.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void returnsOnlyWhenNoPieceIsAtWorkThoughTheCallerIsInterrupted() throws InterruptedException {
        AtomicInteger working = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(2);
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        AtomicInteger leftWorking = new AtomicInteger(-1);
        AtomicBoolean stayedInterrupted = new AtomicBoolean();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                Workers.sideBySide(2).forEach(8, (_, _) -> {
                    working.incrementAndGet();
                    begun.countDown();
                    workOnDespiteInterrupts();
                    working.decrementAndGet();
                });
            } catch (CancellationException e) {
                thrown.set(e);
            }
            leftWorking.set(working.get());
            stayedInterrupted.set(Thread.currentThread().isInterrupted());
        });
        begun.await();

        caller.interrupt();
        caller.join();

        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        assertThat(leftWorking).hasValue(0);
        assertThat(stayedInterrupted).isTrue();
    }

    @Test
    void aPieceThatFailsEndsTheOthersAndIsWhatIsThrown() {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();

        assertThatThrownBy(() -> Workers.sideBySide(2).forEach(1000, (scope, index) -> {
                    taken.incrementAndGet();
                    if (index == 0) {
                        await(begun);
                        throw new IllegalArgumentException("the first piece fails");
                    }
                    begun.countDown();
                    multiplyUntilInterrupted(scope);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("first piece");
        assertThat(taken).hasValue(2);
    }

    @Test
    void anErrorOfAPieceIsThrownAsItIs() {
        assertThatThrownBy(() -> Workers.sideBySide(2).forEach(2, (_, _) -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
    }

    private static void multiplyUntilInterrupted(Torch.Scope scope) {
        while (true) {
            try (Torch.Scope inner = scope.inner()) {
                var one = inner.matrix(new float[] {1}, 1, 1);
                inner.product(one, one);
            }
        }
    }

    /// As a native call, which does not notice an interrupt.
    private static void workOnDespiteInterrupts() {
        long end = System.nanoTime() + 300_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new CancellationException("interrupted");
        }
    }
}
