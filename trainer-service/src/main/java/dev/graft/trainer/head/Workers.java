package dev.graft.trainer.head;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Does independent pieces of work.
///
/// Whatever happens, no piece is at work any more when [#forEach] returns or throws: what the pieces read may be freed
/// then.
public interface Workers {
    /// One piece of work.
    @FunctionalInterface
    interface Work {
        void run(Torch.Scope scope, int index);
    }

    /// Runs `work` for 0 to `count` - 1 and waits for all.
    ///
    /// @throws CancellationException when the calling thread is interrupted
    void forEach(int count, Work work);

    /// Does one piece after the other on the thread of a scope, which stays the caller's.
    static Workers alone(Torch.Scope scope) {
        return (count, work) -> {
            for (int index = 0; index < count; index++) {
                Torch.requireNotInterrupted();
                try (Torch.Scope inner = scope.inner()) {
                    work.run(inner, index);
                }
            }
        };
    }

    /// Does as many pieces side by side as are asked for, each on one thread with PyTorch.
    static Workers sideBySide(int parallelism) {
        return (count, work) -> new Pieces(count, work).run(Math.min(parallelism, count));
    }

    /// The pieces of one call. The first failure, or an interrupt of the caller, ends the others: none begins any more,
    /// and those at work are interrupted, which they notice before their next product.
    final class Pieces {
        private final int count;
        private final Work work;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final List<Thread> threads = new ArrayList<>();

        private Pieces(int count, Work work) {
            this.count = count;
            this.work = work;
        }

        private void run(int parallelism) {
            Torch.requireNotInterrupted();
            for (int i = 0; i < parallelism; i++) {
                threads.add(Thread.ofPlatform().name("head-" + i).daemon().unstarted(this::takeTurns));
            }
            threads.forEach(Thread::start);
            boolean interrupted = joinAll();
            if (interrupted) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            }
            switch (failure.get()) {
                case null -> {}
                case CancellationException cancelled -> throw cancelled;
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                case Throwable other -> throw new IllegalStateException("a piece of the training failed", other);
            }
        }

        private void takeTurns() {
            try {
                for (int index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                    Torch.requireNotInterrupted();
                    try (Torch.Scope scope = Torch.open()) {
                        work.run(scope, index);
                    }
                }
            } catch (RuntimeException | Error e) {
                if (failure.compareAndSet(null, e)) {
                    stop();
                }
            }
        }

        private void stop() {
            next.set(count);
            threads.forEach(Thread::interrupt);
        }

        /// Waits for all threads, however often the caller is interrupted.
        private boolean joinAll() {
            boolean interrupted = false;
            for (Thread thread : threads) {
                while (true) {
                    try {
                        thread.join();
                        break;
                    } catch (InterruptedException e) {
                        interrupted = true;
                        stop();
                    }
                }
            }
            return interrupted;
        }
    }
}
