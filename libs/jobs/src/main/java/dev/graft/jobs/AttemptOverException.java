package dev.graft.jobs;

/// Says that an attempt is over: its job was cancelled, is another worker's by now, or the process stops. Code
/// that catches it writes nothing more.
public final class AttemptOverException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AttemptOverException(String jobId, Attempt.Over over) {
        super("the attempt at job %s is over: %s".formatted(jobId, over));
    }
}
