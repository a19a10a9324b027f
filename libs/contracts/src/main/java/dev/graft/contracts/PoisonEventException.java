package dev.graft.contracts;

import org.jspecify.annotations.Nullable;

/// Says that a record can never be handled, however often it is tried. It belongs on the dead-letter topic, with the
/// message as its reason.
public final class PoisonEventException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// A reason travels as a header of the dead letter; what it quotes may be as long as its sender liked.
    private static final int MAX_REASON_LENGTH = 1_000;

    /// Makes an exception; `reason` is read by the person who looks at the dead letter.
    public PoisonEventException(String reason) {
        this(reason, null);
    }

    /// Makes an exception with its cause.
    public PoisonEventException(String reason, @Nullable Throwable cause) {
        super(reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH) + " …", cause);
    }
}
