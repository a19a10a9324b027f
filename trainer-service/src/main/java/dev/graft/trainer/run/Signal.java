package dev.graft.trainer.run;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Wakes one waiting thread of this process at once, so that polling is only for what happens elsewhere.
///
/// Signals are not counted: any number before a wait ends that one wait. Safe for many threads.
final class Signal {
    private final BlockingQueue<Boolean> raised = new ArrayBlockingQueue<>(1);

    /// Wakes who waits, or ends the next wait before it begins.
    void raise() {
        // A full queue means that the waiter will wake anyway.
        boolean unused = raised.offer(Boolean.TRUE);
    }

    /// Waits for a signal, at most for `limit`.
    ///
    /// @throws InterruptedException when the thread is told to stop
    void await(Duration limit) throws InterruptedException {
        Boolean unused = raised.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
