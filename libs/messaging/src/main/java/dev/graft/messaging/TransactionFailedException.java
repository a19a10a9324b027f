package dev.graft.messaging;

/// Says that a transaction was rolled back because of a checked exception, its cause.
public final class TransactionFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TransactionFailedException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
