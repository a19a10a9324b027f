package dev.graft.messaging;

import jakarta.inject.Singleton;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Wakes the relay soon after a commit. It is a hint only: a signal that gets lost costs one poll interval.
@Singleton
class OutboxSignal {
    private final AtomicBoolean appended = new AtomicBoolean();
    private final Semaphore wakes = new Semaphore(0);

    /// Remembers that some transaction has events to publish.
    void appended() {
        appended.set(true);
    }

    /// Wakes the relay when there may be something new.
    void committed() {
        if (appended.getAndSet(false)) {
            wake();
        }
    }

    void wake() {
        wakes.release();
    }

    void await(long timeoutMillis) throws InterruptedException {
        if (wakes.tryAcquire(timeoutMillis, TimeUnit.MILLISECONDS)) {
            wakes.drainPermits();
        }
    }
}
