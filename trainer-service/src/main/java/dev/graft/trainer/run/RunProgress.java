package dev.graft.trainer.run;

import dev.graft.contracts.TrainingProgressed.Phase;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Tells how far the work on a run is, not too often. Belongs to the working thread.
final class RunProgress {
    private final RunStore store;
    private final LeasedRun leased;
    private final long intervalNanos;
    private long toldNanos;

    RunProgress(RunStore store, LeasedRun leased, Duration interval) {
        this.store = store;
        this.leased = leased;
        this.intervalNanos = interval.toNanos();
    }

    /// Begins a phase, which is always told.
    void begin(Phase phase, long total) {
        tell(phase, 0, total, null, null);
    }

    /// Tells about a step. The last one of a phase is always told.
    ///
    /// @throws LeaseLostException when the run is not this process's any more
    /// @throws CancellationException when the thread is told to stop
    void advance(Phase phase, long done, long total, @Nullable Double loss, @Nullable Double accuracy) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted");
        }
        if (done == total || System.nanoTime() - toldNanos >= intervalNanos) {
            tell(phase, done, total, loss, accuracy);
        }
    }

    private void tell(Phase phase, long done, long total, @Nullable Double loss, @Nullable Double accuracy) {
        store.advance(leased, phase, done, total, loss, accuracy);
        toldNanos = System.nanoTime();
    }
}
