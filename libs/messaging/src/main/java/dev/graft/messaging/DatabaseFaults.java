package dev.graft.messaging;

import dev.graft.problem.BackendFaults;
import io.quarkus.arc.Unremovable;
import io.vertx.core.VertxException;
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

/// Tells the faults of a database that is away from those of a statement.
@Singleton
@Unremovable
class DatabaseFaults implements BackendFaults {
    /// Connection exceptions, lack of resources, intervention of an operator, and the end of a session that was idle
    /// for
    /// too long (PostgreSQL, appendix A).
    private static final List<String> AWAY = List.of("08", "53", "57", "25P03");

    /// What the pool says, by exceptions of no kind of their own.
    private static final List<String> POOL_TIMEOUTS = List.of("Timeout", "Timeout waiting for connection");

    private static final int CAUSES_MAX = 10;

    @Override
    public @Nullable String explain(Throwable fault) {
        return fault instanceof DatabaseAwayException ? "The database does not answer. Try again in a moment." : null;
    }

    /// Tells whether an exception, or one behind it, means that the database is away.
    static boolean isAway(Throwable fault) {
        Throwable cause = fault;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            boolean away = switch (cause) {
                case DatabaseAwayException _, ClosedConnectionException _, SocketException _ -> true;
                case ClosedChannelException _, FaultToleranceException _, TimeoutException _ -> true;
                case PgException database -> isAway(database.getSqlState());
                case SQLException database -> isAway(database.getSQLState());
                case VertxException client -> POOL_TIMEOUTS.contains(client.getMessage());
                default -> false;
            };
            if (away || POOL_TIMEOUTS.contains(cause.getMessage()) && cause.getStackTrace().length == 0) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isAway(@Nullable String state) {
        return state != null && AWAY.stream().anyMatch(state::startsWith);
    }
}
