package dev.graft.events;

import java.util.concurrent.ThreadLocalRandom;

/// Paces the attempts of a loop that never gives up, while a backend is away: each pause is about twice the last, from
/// 100 milliseconds to 5 seconds. For one thread.
///
/// SmallRye Fault Tolerance retries a call. These loops are none: each round finds again what there is to do,
/// the pauses begin again after any success, and some of them end early, when the service stops.
public final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;

    private int failures;

    /// Gives the pause after the attempt-th failure in a row, from 1: between half and all of what is due, so that
    /// replicas do not come back in step.
    public static long pauseMillis(int attempt) {
        long pause = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempt - 1, 10));
        return ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
    }

    /// Waits before the next attempt.
    ///
    /// @throws InterruptedException when the thread is to stop
    public void pause() throws InterruptedException {
        failures++;
        Thread.sleep(pauseMillis(failures));
    }

    /// Begins again with the shortest pause, after a success.
    public void reset() {
        failures = 0;
    }
}
