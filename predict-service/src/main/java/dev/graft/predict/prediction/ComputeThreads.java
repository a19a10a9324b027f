package dev.graft.predict.prediction;

import dev.graft.predict.PredictConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The threads that decode pictures and run networks: one piece of work a thread, so that work never shares a core and
/// memory for decoded pictures is bounded. What waits is bounded by [Admission].
@Singleton
class ComputeThreads {
    private final int count;
    private final ExecutorService threads;

    ComputeThreads(PredictConfig config) {
        count = config.threads().orElse(Runtime.getRuntime().availableProcessors());
        threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().name("predict-", 0).factory());
    }

    int count() {
        return count;
    }

    <T> Future<T> submit(Callable<T> work) {
        return threads.submit(work);
    }

    /// Waits for the result; a failure of the work is thrown as it was. An interruption does not cut the wait
    /// short: who waits lets go of the model afterwards, which the work must not be using any more.
    static <T> T await(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new CompletionException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
