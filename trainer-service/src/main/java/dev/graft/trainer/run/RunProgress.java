package dev.graft.trainer.run;

import dev.graft.contracts.TrainingProgressed;
import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.AttemptOverException;
import dev.graft.trainer.head.Advance;
import java.time.Duration;

/// Notes how far an attempt is, not too often. Belongs to the working thread.
final class RunProgress {
    private final Attempt attempt;
    private final RunChanges changes;
    private final long intervalNanos;
    private final Pace pace = new Pace(System::nanoTime);
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
        // Another attempt goes on from where the one before has come: what it finds done is no pace.
        note(new TrainingProgressed(attempt.jobId(), phase, 0, total));
    }

    /// Notes a step. The last one of a phase is always noted.
    ///
    /// @throws AttemptOverException when the attempt is over
    void advance(Phase phase, Advance now) {
        attempt.check();
        if (now.done() == now.total() || System.nanoTime() - notedNanos >= intervalNanos) {
            note(pace.progressed(attempt.jobId(), phase, now));
        }
    }

    private void note(TrainingProgressed now) {
        Void unused = attempt.publish(session -> changes.advance(session, now));
        notedNanos = System.nanoTime();
    }
}
