package dev.graft.messaging;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says that the database does not answer, or not in time, so that nobody knows whether a transaction was committed.
/// The same transaction may succeed later.
public final class DatabaseAwayException extends TransactionFailedException {
    private static final long serialVersionUID = 1;

    DatabaseAwayException(String reason, @Nullable Throwable cause) {
        super("The database is away: " + reason, cause);
    }

    /// Finds the first one in a chain of causes.
    public static Optional<DatabaseAwayException> in(Throwable fault) {
        return Causes.of(fault)
                .filter(DatabaseAwayException.class::isInstance)
                .map(DatabaseAwayException.class::cast)
                .findFirst();
    }

    /// Returns whether the server answered, and a statement, or all those of the transaction, took too long.
    /// Then it is not away, and the same may take too long every time.
    public boolean isByStatementDeadline() {
        return DatabaseFaults.isDeadline(this);
    }
}
