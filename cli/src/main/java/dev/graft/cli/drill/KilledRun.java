package dev.graft.cli.drill;

import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Progress;
import dev.graft.cli.session.OwnStack;
import dev.graft.stack.ActionableException;
import dev.graft.stack.Service;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// One run, whose process is killed at moments that are given.
///
/// A run fails by design when three processes in a row die without its coming further. The third is
/// therefore spared until it has: its moment counts from there.
final class KilledRun {
    private static final long POLL_MILLIS = 10;
    private static final double NANOS_PER_SECOND = 1e9;

    private final OwnStack stack;
    private final RunRows rows;
    private final String id;
    private final int number;
    private final int epochs;
    private final Duration patience;
    private Optional<RunRow> before = Optional.empty();
    private long takenUpNanos;

    /// @param id       of a run that was just accepted
    /// @param number   of the run, from 1
    /// @param epochs   of its fine-tuning
    /// @param patience within which it goes on, comes further, and comes to its end
    KilledRun(OwnStack stack, RunRows rows, String id, int number, int epochs, Duration patience) {
        this.stack = stack;
        this.rows = rows;
        this.id = id;
        this.number = number;
        this.epochs = epochs;
        this.patience = patience;
    }

    /// Waits until the run is taken up for the first time.
    void awaitBegin() throws SQLException, InterruptedException {
        RunRow unused = await(row -> row.claims() > 0 || row.hasEnded());
        takenUpNanos = System.nanoTime();
    }

    /// Kills the process that works on the run, and waits until the next one has taken the run up.
    ///
    /// @param which        of all kills, for the progress
    /// @param afterSeconds after the run was taken up
    /// @return empty when the run came to its end before
    Optional<Kill> kill(String which, double afterSeconds) throws IOException, SQLException, InterruptedException {
        try (Progress progress = stack.session().console().progress("kill")) {
            progress.note("%s: run %d, after %s".formatted(which, number, Durations.words(afterSeconds)));
            if (awaitMoment(afterSeconds).hasEnded()) {
                return missed(progress, which);
            }
            double seconds = Durations.secondsSince(takenUpNanos);
            long killedNanos = System.nanoTime();
            if (!stack.session().stack().kill(Service.TRAINER)) {
                throw new ActionableException(
                        "The trainer service did not run when it was to be killed.",
                        "See to it that nothing else ends it, and that the machine has enough memory.");
            }
            RunRow hit = rows.of(id);
            progress.note("%s: killed; waiting for the run to go on".formatted(which));
            RunRow next = await(row -> row.hasEnded() || row.claims() > hit.claims());
            if (next.claims() == hit.claims()) {
                return missed(progress, which);
            }
            takenUpNanos = System.nanoTime();
            Kill kill = Kill.of(number, seconds, hit, before, epochs, Durations.secondsSince(killedNanos));
            before = Optional.of(hit);
            progress.done("%s: run %d, after %s, %s; it went on after %s"
                    .formatted(
                            which,
                            number,
                            Durations.words(kill.afterSeconds()),
                            kill.at(epochs),
                            Durations.words(kill.wentOnAfterSeconds())));
            return Optional.of(kill);
        }
    }

    private Optional<Kill> missed(Progress progress, String which) {
        progress.note("%s: run %d came to its end before".formatted(which, number));
        return Optional.empty();
    }

    private RunRow awaitMoment(double afterSeconds) throws SQLException, InterruptedException {
        long[] fromNanos = {takenUpNanos};
        return await(row -> {
            if (row.isLastAttempt()) {
                fromNanos[0] = System.nanoTime();
            }
            double seconds = (System.nanoTime() - fromNanos[0]) / NANOS_PER_SECOND;
            return row.hasEnded() || row.isWorkedOn() && !row.isLastAttempt() && seconds >= afterSeconds;
        });
    }

    /// Waits for the end of the run.
    void awaitEnd() throws SQLException, InterruptedException {
        try (Progress progress = stack.session().console().progress("run " + number)) {
            progress.note("goes on to its end");
            RunRow unused = await(RunRow::hasEnded);
            progress.done("came to its end");
        }
    }

    private RunRow await(Predicate<RunRow> awaited) throws SQLException, InterruptedException {
        long beganNanos = System.nanoTime();
        RunRow row = rows.of(id);
        while (!awaited.test(row)) {
            if (System.nanoTime() - beganNanos > patience.toNanos()) {
                throw new ActionableException(
                        "The run %s has not gone on for %d minutes.".formatted(id, patience.toMinutes()),
                        "The logs of the services say more: see them while this runs.");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            row = rows.of(id);
        }
        return row;
    }
}
