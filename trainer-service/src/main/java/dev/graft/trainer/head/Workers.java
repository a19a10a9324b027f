package dev.graft.trainer.head;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Does independent pieces of work side by side, each on one thread with PyTorch.
final class Workers implements AutoCloseable {
    private final ExecutorService threads;

    Workers(int count) {
        threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().name("head-", 0).daemon().factory());
    }

    /// One piece of work.
    @FunctionalInterface
    interface Work {
        void run(Torch.Scope scope, int index);
    }

    /// Runs `work` for 0 to `count` - 1 and waits for all.
    ///
    /// @throws CancellationException when the calling thread is interrupted
    void forEach(int count, Work work) {
        List<Future<?>> pieces = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int index = i;
            pieces.add(threads.submit(() -> {
                try (Torch.Scope scope = Torch.open()) {
                    work.run(scope, index);
                }
            }));
        }
        try {
            for (Future<?> piece : pieces) {
                piece.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a piece of the training failed", e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
