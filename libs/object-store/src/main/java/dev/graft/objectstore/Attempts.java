package dev.graft.objectstore;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Tries a call until it succeeds, is refused, or has failed often enough, and names the failure.
///
/// Waits between attempts double from 100 ms to 2 s, with full jitter, so that many callers do not come back at once.
final class Attempts {
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Set<String> ABSENT = Set.of("NoSuchKey", "NoSuchObject");
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int NOT_FOUND = 404;

    private final int most;

    Attempts(int most) {
        this.most = most;
    }

    /// A call to the store.
    @FunctionalInterface
    interface Call<T> {
        T run() throws MinioException, IOException;
    }

    <T> T call(String what, String key, Call<T> call) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.run();
            } catch (ErrorResponseException e) {
                int status = e.response().code();
                if (ABSENT.contains(e.errorResponse().code()) || (status == NOT_FOUND && !isBucketMissing(e))) {
                    throw new ObjectNotFoundException(key);
                }
                if (!isPassing(status)) {
                    throw new ObjectStoreRefusedException(
                            "%s of key=%s refused: %s".formatted(what, key, e.getMessage()), e);
                }
                pauseOrGiveUp(attempt, what, key, e);
            } catch (MinioException | IOException e) {
                pauseOrGiveUp(attempt, what, key, e);
            }
        }
    }

    private static boolean isBucketMissing(ErrorResponseException e) {
        return "NoSuchBucket".equals(e.errorResponse().code());
    }

    private static boolean isPassing(int status) {
        return status >= SERVER_ERROR || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT;
    }

    private void pauseOrGiveUp(int attempt, String what, String key, Exception e) {
        if (attempt >= most) {
            throw new ObjectStoreUnavailableException(
                    "%s of key=%s failed, attempts=%d: %s".formatted(what, key, attempt, e.getMessage()), e);
        }
        long ceilingMillis = Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() << Math.min(attempt - 1, 10));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(ceilingMillis + 1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreUnavailableException("%s of key=%s interrupted".formatted(what, key), interrupted);
        }
    }
}
