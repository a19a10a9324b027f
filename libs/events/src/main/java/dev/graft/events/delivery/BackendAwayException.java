package dev.graft.events.delivery;

/// Says that a handler failed because a backend is away. The event is tried again until it is back, and counts as no
/// attempt.
public final class BackendAwayException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Makes an exception; the cause says which backend, and how.
    public BackendAwayException(Throwable cause) {
        super(cause.toString(), cause);
    }
}
