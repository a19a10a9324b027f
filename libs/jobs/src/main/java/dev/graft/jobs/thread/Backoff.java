package dev.graft.jobs.thread;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Paces attempts while a backend is away: each wait is about twice the last, up to a limit. For one thread.
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = FIRST;

    /// Waits before the next attempt.
    ///
    /// @throws InterruptedException when the thread is to stop
    public void pause() throws InterruptedException {
        long millis = next.toMillis();
        // Between half and all of it, so that replicas do not come back in step.
        Thread.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
    }

    /// Begins again with the shortest wait, after a success.
    public void reset() {
        next = FIRST;
    }
}
