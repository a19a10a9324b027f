package dev.graft.objectstore;

import io.minio.errors.MinioException;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/// Tries a call again while its faults are of the passing kind: after about 50, 100, 200, … ms, at most 2 s each.
final class Backoff {

    private static final long FIRST_DELAY_MILLIS = 50;
    private static final long MAX_DELAY_MILLIS = 2_000;

    private final int attempts;

    Backoff(int attempts) {
        this.attempts = attempts;
    }

    @FunctionalInterface
    interface Call<T> {
        T run() throws MinioException, IOException;
    }

    /// @throws MinioException the last fault of the last attempt, or the first that stays
    /// @throws IOException likewise
    /// @throws ObjectStoreUnavailableException if the thread is interrupted while it waits
    <T> T call(Call<T> call) throws MinioException, IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return unwrapped(call);
            } catch (MinioException | IOException e) {
                if (attempt >= attempts || !S3Faults.passes(e)) {
                    throw e;
                }
                pause(attempt, e);
            }
        }
    }

    /// Runs the call. The SDK gives faults of the connection as [IllegalStateException]s around them.
    private static <T> T unwrapped(Call<T> call) throws MinioException, IOException {
        try {
            return call.run();
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            throw e;
        }
    }

    private static void pause(int attempt, Exception fault) {
        long fullMillis = Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(attempt - 1, 10));
        try {
            Thread.sleep(fullMillis / 2 + ThreadLocalRandom.current().nextLong(fullMillis / 2 + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreUnavailableException("Interrupted while waiting to try again", fault);
        }
    }
}
