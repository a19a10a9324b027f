package dev.graft.threads;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes one waiting thread at once. Signals are not counted: any number before a wait ends that one wait. Safe for
/// many threads.
public final class Signal {
    private final Semaphore raised = new Semaphore(0);

    /// Wakes who waits, or ends the next wait before it begins.
    public void raise() {
        raised.release();
    }

    /// Waits for a signal, at most for `limit`.
    ///
    /// @return whether there was one
    /// @throws InterruptedException when the thread is to stop
    public boolean await(Duration limit) throws InterruptedException {
        boolean signalled = raised.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
        raised.drainPermits();
        return signalled;
    }
}
