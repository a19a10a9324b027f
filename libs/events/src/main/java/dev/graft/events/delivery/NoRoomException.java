package dev.graft.events.delivery;

/// Says that a handler has no room for an event at this moment, though nothing is away. The event is tried
/// again until there is, and counts as no attempt. The service stays ready: whatever else it does goes on.
public final class NoRoomException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Makes an exception; the cause says what is full.
    public NoRoomException(Throwable cause) {
        super(cause.toString(), cause);
    }
}
