package dev.graft.trainer.run;

import dev.graft.contracts.TrainingProgressed;
import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.AttemptOverException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Notes how far an attempt is, not too often. Belongs to the working thread.
final class RunProgress {
    private final Attempt attempt;
    private final RunChanges changes;
    private final long intervalNanos;
    private long notedNanos;

    RunProgress(Attempt attempt, RunChanges changes, Duration interval) {
        this.attempt = attempt;
        this.changes = changes;
        this.intervalNanos = interval.toNanos();
    }

    /// Begins a phase, which is always noted.
    ///
    /// @throws AttemptOverException when the attempt is over
    void begin(Phase phase, long total) {
        note(phase, 0, total, null, null);
    }

    /// Notes a step. The last one of a phase is always noted.
    ///
    /// @throws AttemptOverException when the attempt is over
    void advance(Phase phase, long done, long total, @Nullable Double loss, @Nullable Double accuracy) {
        attempt.check();
        if (done == total || System.nanoTime() - notedNanos >= intervalNanos) {
            note(phase, done, total, loss, accuracy);
        }
    }

    private void note(Phase phase, long done, long total, @Nullable Double loss, @Nullable Double accuracy) {
        TrainingProgressed now = new TrainingProgressed(attempt.jobId(), phase, done, total, loss, accuracy);
        Void unused = attempt.publish(session -> changes.advance(session, now));
        notedNanos = System.nanoTime();
    }
}
