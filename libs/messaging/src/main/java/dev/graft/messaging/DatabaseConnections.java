package dev.graft.messaging;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgPool;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Opens the connections to the database, each with its deadlines: to be made, to be lent, to get an answer.
///
/// The server ends a statement before the client gives the connection up, so that nothing goes on behind its back. A
/// connection on which the server is silent for longer is dead, and closed.
@Singleton
class DatabaseConnections implements PgPoolCreator {
    static final int STATEMENT_SECONDS = 30;

    private static final int SILENCE_SECONDS = STATEMENT_SECONDS + 5;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int LENDING_MILLIS = 4_000;

    /// Less than the silence, so that the pool itself closes what nobody uses.
    private static final int UNUSED_SECONDS = 20;

    private volatile @Nullable Pool probes;

    @Override
    public io.vertx.sqlclient.Pool create(Input input) {
        List<PgConnectOptions> options = input.pgConnectOptionsList();
        options.forEach(DatabaseConnections::bound);
        PoolOptions pool = input.poolOptions()
                .setConnectionTimeout(LENDING_MILLIS)
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(UNUSED_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        PoolOptions one = new PoolOptions()
                .setMaxSize(1)
                .setConnectionTimeout(LENDING_MILLIS)
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        List<PgConnectOptions> probing = options.stream()
                .map(PgConnectOptions::new)
                .map(probe -> (PgConnectOptions) probe.setIdleTimeout(2 * DatabasePulse.DEADLINE_SECONDS))
                .toList();
        probes = Pool.newInstance(PgPool.pool(input.vertx(), probing, one));
        return PgPool.pool(input.vertx(), options, pool);
    }

    private static void bound(PgConnectOptions options) {
        options.setConnectTimeout(CONNECT_MILLIS);
        options.setIdleTimeout(SILENCE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
        options.setTcpKeepAlive(true);
        String statement = Integer.toString(STATEMENT_SECONDS * 1_000);
        Map.of("statement_timeout", statement, "idle_in_transaction_session_timeout", statement)
                .forEach((name, value) -> options.getProperties().putIfAbsent(name, value));
    }

    /// Gives the pool of one connection that only asks whether the database answers; absent until the service's
    /// own pool is opened.
    @Nullable
    Pool probes() {
        return probes;
    }
}
