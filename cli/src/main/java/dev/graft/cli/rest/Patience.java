package dev.graft.cli.rest;

import dev.graft.stack.ActionableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Waits for what is away: says so once for each thing, and gives up after a stated time.
///
/// A request fails, or its service is silent while it is under way. The wait that a failure begins ends only when a
/// request succeeds: that the service is alive says nothing, since requests may go on failing. The wait that a silence
/// begins ends when the service is alive again.
final class Patience {
    private static final long PAUSE_MIN_MILLIS = 250;
    private static final long PAUSE_MAX_MILLIS = 5_000;

    private final Duration longest;
    private final Consumer<String> notices;
    private @Nullable Long failingSinceNanos;
    private @Nullable Long silentSinceNanos;
    private @Nullable String said;

    /// @param longest how long to wait in all
    /// @param notices receives what is waited for, a sentence
    Patience(Duration longest, Consumer<String> notices) {
        this.longest = longest;
        this.notices = notices;
    }

    /// Says what a request failed by, unless that was said. A silence that came before it is part of the wait.
    ///
    /// @throws ActionableException when requests have failed for too long
    void failed(String away, String remedy) {
        if (failingSinceNanos == null) {
            failingSinceNanos = silentSinceNanos == null ? System.nanoTime() : silentSinceNanos;
        }
        silentSinceNanos = null;
        spend(failingSinceNanos, away, remedy);
    }

    /// Says that the service is silent while a request is under way, unless that was said.
    ///
    /// @throws ActionableException when it has been silent for too long
    void silent(String away, String remedy) {
        if (silentSinceNanos == null) {
            silentSinceNanos = System.nanoTime();
        }
        spend(silentSinceNanos, away, remedy);
    }

    /// Ends a silence.
    void speaking() {
        silentSinceNanos = null;
        if (failingSinceNanos == null) {
            sayOver();
        }
    }

    /// Ends every wait.
    void succeeded() {
        silentSinceNanos = null;
        failingSinceNanos = null;
        sayOver();
    }

    private void spend(long sinceNanos, String away, String remedy) {
        if (System.nanoTime() - sinceNanos >= longest.toNanos()) {
            throw new ActionableException("%s Waited for %d s.".formatted(away, longest.toSeconds()), remedy);
        }
        if (!away.equals(said)) {
            said = away;
            notices.accept("%s Waiting for it, %d s at most.".formatted(away, longest.toSeconds()));
        }
    }

    private void sayOver() {
        if (said != null) {
            said = null;
            notices.accept("It is back; going on.");
        }
    }

    /// Pauses before the next try.
    ///
    /// @param askedSeconds how long the service asked for; 0 when it did not
    void pause(long askedSeconds) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(Math.clamp(askedSeconds * 1_000, PAUSE_MIN_MILLIS, PAUSE_MAX_MILLIS));
    }
}
