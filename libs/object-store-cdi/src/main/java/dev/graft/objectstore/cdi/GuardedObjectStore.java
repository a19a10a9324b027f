package dev.graft.objectstore.cdi;

import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectInfo;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreUnavailableException;
import io.smallrye.faulttolerance.api.Guard;
import java.io.InputStream;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/// Repeats calls of a store that fail in passing, as long as a client can wait for it; and while the store does not
/// answer at all, fails at once and asks it once a second.
///
/// No call takes more than five seconds while the store is away: what failed by a deadline is not repeated.
final class GuardedObjectStore implements ObjectStore {
    private static final int RETRIES_MAX = 4;
    private static final long PAUSE_MILLIS = 150;
    private static final long RETRYING_MILLIS = 1_000;
    private static final int CALLS_JUDGED = 10;
    private static final double FAULTS_JUDGED = 0.8;
    private static final long REST_MILLIS = 1_000;

    private final ObjectStore store;
    private final Guard guard = Guard.create()
            .withDescription("object store")
            .withRetry()
            .maxRetries(RETRIES_MAX)
            .delay(PAUSE_MILLIS, ChronoUnit.MILLIS)
            .jitter(PAUSE_MILLIS / 2, ChronoUnit.MILLIS)
            .maxDuration(RETRYING_MILLIS, ChronoUnit.MILLIS)
            .retryOn(ObjectStoreUnavailableException.class)
            .done()
            .withCircuitBreaker()
            .requestVolumeThreshold(CALLS_JUDGED)
            .failureRatio(FAULTS_JUDGED)
            .delay(REST_MILLIS, ChronoUnit.MILLIS)
            .successThreshold(1)
            .failOn(ObjectStoreUnavailableException.class)
            .done()
            .build();

    GuardedObjectStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public void put(String key, ObjectContent content) {
        call(() -> {
            store.put(key, content);
            return true;
        });
    }

    @Override
    public boolean putIfAbsent(String key, ObjectContent content) {
        return call(() -> store.putIfAbsent(key, content));
    }

    @Override
    public InputStream open(String key) {
        return call(() -> store.open(key));
    }

    @Override
    public byte[] read(String key, int maxSizeBytes) {
        return call(() -> store.read(key, maxSizeBytes));
    }

    @Override
    public byte[] readRange(String key, long offsetBytes, int lengthBytes) {
        return call(() -> store.readRange(key, offsetBytes, lengthBytes));
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return call(() -> store.head(key));
    }

    @Override
    public void delete(String key) {
        call(() -> {
            store.delete(key);
            return true;
        });
    }

    @Override
    public void ping() {
        // Guarded as well: readiness must not say that the store answers while calls of it still fail at once.
        call(() -> {
            store.ping();
            return true;
        });
    }

    @Override
    public void close() {
        store.close();
    }

    @SuppressWarnings("unchecked") // The guard asks for the class of asynchronous results only.
    private <T> T call(Callable<T> call) {
        try {
            return (T) guard.call((Callable<Object>) (Callable<?>) call, Object.class);
        } catch (CircuitBreakerOpenException e) {
            throw new ObjectStoreUnavailableException("The object store does not answer", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a call of the object store failed in an unknown way", e);
        }
    }
}
