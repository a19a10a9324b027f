package dev.graft.jobs;

import java.time.Duration;

/// Says that a job cannot go on now for a reason that is not its own, such as a backend that is away. The attempt does
/// not count.
public final class TryLaterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Duration pause;

    /// @param pause how long the job waits at least
    /// @param cause what is wrong
    public TryLaterException(Duration pause, Throwable cause) {
        super(String.valueOf(cause), cause);
        this.pause = pause;
    }

    /// Gives how long the job waits at least.
    public Duration pause() {
        return pause;
    }
}
