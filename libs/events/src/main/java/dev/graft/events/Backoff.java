package dev.graft.events;

import java.util.concurrent.ThreadLocalRandom;

/// Grows the pause between attempts from 100 milliseconds to 10 seconds, with jitter.
public final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 10_000;

    private Backoff() {}

    /// Gives the pause after the attempt-th failure in a row, from 1.
    public static long pauseMillis(int attempt) {
        long pause = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempt - 1, 10));
        return pause - ThreadLocalRandom.current().nextLong(pause / 4);
    }
}
