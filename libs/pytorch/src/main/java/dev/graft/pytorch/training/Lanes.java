package dev.graft.pytorch.training;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/// Threads that compute parts of a batch side by side, each with one thread of PyTorch's: parts of a batch do not wait
/// for each other as the threads inside one operation do. The first lane is the caller's own thread.
///
/// Whatever happens, no lane is at work any more when [#forEach] returns or throws, so that what it reads may be freed
/// then. For one calling thread at a time.
final class Lanes implements AutoCloseable {
    private final ExecutorService others;

    /// Starts no thread before it is needed.
    ///
    /// @param count greatest number of lanes, at least 1
    Lanes(int count) {
        this.others = Executors.newFixedThreadPool(
                Math.max(1, count - 1),
                Thread.ofPlatform().name("fine-tuning-", 1).daemon().factory());
    }

    /// Runs `work` for each lane and waits for all, however often the caller is interrupted meanwhile; it stays
    /// interrupted then.
    ///
    /// @param lanes how many, at most as many as there are
    /// @throws RuntimeException the first lane's that failed
    void forEach(int lanes, IntConsumer work) {
        List<Future<?>> running = new ArrayList<>();
        for (int lane = 1; lane < lanes; lane++) {
            int index = lane;
            running.add(others.submit(() -> {
                JniUtils.setNumThreads(1);
                work.accept(index);
            }));
        }
        Throwable failure = null;
        try {
            work.accept(0);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        boolean interrupted = false;
        for (Future<?> lane : running) {
            while (true) {
                try {
                    lane.get();
                    break;
                } catch (ExecutionException e) {
                    failure = failure == null ? e.getCause() : failure;
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (failure) {
            case null -> {}
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new IllegalStateException("a part of a batch failed", failure);
        }
    }

    /// Ends the threads. No lane is at work.
    @Override
    public void close() {
        others.shutdown();
    }
}
