package dev.graft.messaging;

import dev.graft.problem.BackendFaults;
import io.quarkus.arc.Unremovable;
import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import jakarta.inject.Singleton;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.faulttolerance.exceptions.FaultToleranceException;
import org.jspecify.annotations.Nullable;

/// Distinguishes the faults of a database that is away from those of a statement.
@Singleton
@Unremovable
class DatabaseFaults implements BackendFaults {
    /// Classes of SQLSTATE (PostgreSQL, appendix A): connection exceptions, lack of resources, the server's
    /// shutdown and start, and the end of a session that was idle for too long.
    private static final List<String> AWAY = List.of("08", "53", "57P", "25P03");

    /// What the server says of a statement that it ended, among others because of its deadline.
    private static final String STATEMENT_ENDED = "57014";

    /// What the pool says, by exceptions of no kind of their own.
    private static final List<String> POOL_TIMEOUTS = List.of("Timeout", "Timeout waiting for connection");

    /// Besides them: a transaction to be tried again, an object in use, a fault of the system, and a read-only
    /// transaction, as the server is a standby or about to become one.
    private static final List<String> PASSING = List.of("40", "55", "58", "25006");

    @Override
    public @Nullable String explain(Throwable fault) {
        if (!(fault instanceof DatabaseAwayException away)) {
            return null;
        }
        return away.isByStatementDeadline()
                ? "The database takes too long to answer. Try again in a moment."
                : "The database does not answer. Try again in a moment.";
    }

    /// Returns whether a retry may succeed after an exception: the database is away, or a statement may succeed
    /// when it is tried again.
    static boolean isPassing(Throwable fault) {
        return isAway(fault) || Causes.of(fault).anyMatch(DatabaseFaults::mayPass);
    }

    private static boolean mayPass(Throwable cause) {
        return switch (cause) {
            case PgException _, SQLException _ -> startsWithAny(state(cause), PASSING);
            // What a connection says that was closed under a statement.
            case VertxException _, NoStackTraceThrowable _ -> true;
            default -> false;
        };
    }

    /// Returns whether an exception, or one behind it, means that the database is away. One that answers, and
    /// ends what takes too long, is there.
    static boolean isAway(Throwable fault) {
        return Causes.of(fault).anyMatch(DatabaseFaults::saysAway);
    }

    /// Returns whether a statement or a transaction took longer than it may. The same one may take too long
    /// every time.
    static boolean isDeadline(Throwable fault) {
        return Causes.of(fault)
                .anyMatch(cause -> cause instanceof FaultToleranceException || STATEMENT_ENDED.equals(state(cause)));
    }

    private static boolean saysAway(Throwable cause) {
        boolean away = switch (cause) {
            case DatabaseAwayException known -> !known.isByStatementDeadline();
            case ClosedConnectionException _, SocketException _ -> true;
            case ClosedChannelException _, TimeoutException _ -> true;
            case PgException _, SQLException _ -> startsWithAny(state(cause), AWAY);
            case VertxException client -> POOL_TIMEOUTS.contains(String.valueOf(client.getMessage()));
            default -> false;
        };
        return away || POOL_TIMEOUTS.contains(String.valueOf(cause.getMessage())) && cause.getStackTrace().length == 0;
    }

    /// Gives what the server says of a fault: a SQLSTATE.
    static @Nullable String state(Throwable cause) {
        return switch (cause) {
            case PgException database -> database.getSqlState();
            case SQLException database -> database.getSQLState();
            default -> null;
        };
    }

    private static boolean startsWithAny(@Nullable String state, List<String> beginnings) {
        return state != null && beginnings.stream().anyMatch(state::startsWith);
    }
}
