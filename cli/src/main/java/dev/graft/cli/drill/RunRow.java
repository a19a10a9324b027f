package dev.graft.cli.drill;

import java.util.Optional;
import java.util.OptionalInt;

/// How a training run and its durable job stand.
///
/// @param job      the state of the job
/// @param claims   how often a process has taken it up
/// @param attempts how many of these since the run last came further
/// @param notes    how often the run has noted something that its followers see
/// @param phase    of the run, as it was noted last
/// @param done     units of the phase
/// @param total    units of the phase
record RunRow(String job, long claims, int attempts, long notes, String phase, long done, long total) {
    /// So many deaths in a row, without the run coming further between them, end it.
    private static final int DEATHS_MAX = 3;

    /// Returns whether a process works on it, or is taken to as long as its lease lasts.
    boolean isWorkedOn() {
        return job.equals("RUNNING");
    }

    boolean hasEnded() {
        return !isWorkedOn() && !job.equals("QUEUED");
    }

    /// Returns whether the run ends as failed, by design, when its process dies before it has come further.
    boolean isLastAttempt() {
        return attempts >= DEATHS_MAX;
    }

    /// Returns whether the process that works on it has begun nothing yet: it notes that it is there, and
    /// then what it begins.
    ///
    /// @param before how it stood when the process before was killed; empty where this is the first
    boolean isTakenUpOnly(Optional<RunRow> before) {
        return before.map(row -> notes - row.notes < 2).orElse(phase.equals("QUEUED") || phase.equals("EMBEDDING"));
    }

    /// Gives the epoch of fine-tuning that is under way, from 1; empty in other phases and before its first
    /// pass. An epoch has a pass through the frozen part and one through the part that is trained.
    ///
    /// @param epochs all of them
    OptionalInt epoch(int epochs) {
        return phase.equals("FINE_TUNING") && done > 0
                ? OptionalInt.of((int) Math.min(epochs, done * epochs / total + 1))
                : OptionalInt.empty();
    }
}
