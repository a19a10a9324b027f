package dev.graft.messaging;

import org.jspecify.annotations.Nullable;

/// Says that the database does not answer, or not in time, so that nobody knows whether a transaction was committed.
/// The same transaction may succeed later.
public final class DatabaseAwayException extends TransactionFailedException {
    private static final long serialVersionUID = 1;

    DatabaseAwayException(String reason, @Nullable Throwable cause) {
        super("The database is away: " + reason, cause);
    }
}
