package dev.graft.messaging;

import dev.graft.contracts.PoisonEventException;
import io.vertx.pgclient.PgException;
import org.jspecify.annotations.Nullable;

/// Tells faults that time can mend from those that it cannot.
///
/// Waiting is the rule, because a record that waits is not lost: only what is known to fail the same way for ever is
/// given up.
final class Faults {
    private static final int MAX_REASON_LENGTH = 1_000;

    private Faults() {}

    /// Tells whether trying again is useless: the event is poison, its data breaks a rule of the database, or the code
    /// that handles it is wrong.
    static boolean isPermanent(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = next(cause)) {
            if (cause instanceof PoisonEventException || isDataFault(cause) || isProgrammingFault(cause)) {
                return true;
            }
        }
        return false;
    }

    /// Says in one line what is wrong, for the dead letter.
    static String reason(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = next(cause)) {
            if (cause instanceof PoisonEventException poison) {
                return String.valueOf(poison.getMessage());
            }
        }
        String reason = fault.getClass().getName() + ": " + fault.getMessage();
        return reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH) + " …";
    }

    /// SQLSTATE class 22 is a data exception, class 23 a violated constraint, class 54 a limit of the program, such as
    /// that of an index's row (PostgreSQL, appendix A).
    private static boolean isDataFault(Throwable cause) {
        if (!(cause instanceof PgException database)) {
            return false;
        }
        String state = database.getSqlState();
        return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    }

    private static boolean isProgrammingFault(Throwable cause) {
        return cause instanceof NullPointerException
                || cause instanceof IllegalArgumentException
                || cause instanceof ClassCastException
                || cause instanceof IndexOutOfBoundsException
                || cause instanceof UnsupportedOperationException;
    }

    private static @Nullable Throwable next(Throwable cause) {
        Throwable next = cause.getCause();
        return next == cause ? null : next;
    }
}
