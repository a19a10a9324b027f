package dev.graft.messaging;

import org.jspecify.annotations.Nullable;

/// Says that a transaction failed for a reason that its work did not give by an unchecked exception of its own.
public sealed class TransactionFailedException extends RuntimeException permits DatabaseAwayException {
    private static final long serialVersionUID = 1;

    TransactionFailedException(Throwable cause) {
        super(cause.getMessage(), cause);
    }

    TransactionFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
