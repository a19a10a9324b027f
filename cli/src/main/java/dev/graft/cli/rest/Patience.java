package dev.graft.cli.rest;

import dev.graft.stack.ActionableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Waits for what is away: says so once for each thing, and gives up after a stated time without an answer.
final class Patience {
    private static final long PAUSE_MIN_MILLIS = 250;
    private static final long PAUSE_MAX_MILLIS = 5_000;

    private final Duration longest;
    private final Consumer<String> notices;
    private long beganNanos;
    private @Nullable String said;

    /// @param longest how long to wait in all
    /// @param notices receives what is waited for, a sentence
    Patience(Duration longest, Consumer<String> notices) {
        this.longest = longest;
        this.notices = notices;
    }

    /// Says what is away, unless that was said.
    ///
    /// @throws ActionableException when it has been away for too long
    void spend(String away, String remedy) {
        long now = System.nanoTime();
        if (said == null) {
            beganNanos = now;
        }
        if (now - beganNanos >= longest.toNanos()) {
            throw new ActionableException("%s Waited for %d s.".formatted(away, longest.toSeconds()), remedy);
        }
        if (!away.equals(said)) {
            said = away;
            notices.accept("%s Waiting for it, %d s at most.".formatted(away, longest.toSeconds()));
        }
    }

    /// Says that it goes on, if it was said that something was waited for.
    void over() {
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
