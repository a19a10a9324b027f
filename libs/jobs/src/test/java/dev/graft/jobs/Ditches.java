package dev.graft.jobs;

import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;

/// The domain of these tests: ditches, whose digging is a job.
@ApplicationScoped
class Ditches {
    private final Jobs jobs;
    private final Transactions transactions;
    private final Pool pool;
    private final int connectionsFree;

    Ditches(
            Jobs jobs,
            Transactions transactions,
            Pool pool,
            @ConfigProperty(name = "quarkus.datasource.reactive.max-size") int connections) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.pool = pool;
        // One listens.
        this.connectionsFree = connections - 1;
    }

    /// Orders a ditch of each kind of work and owner; gives its id.
    String order(String kind, String owner) {
        return order(kind, owner, "ditch-" + UUID.randomUUID());
    }

    String order(String kind, String owner, String id) {
        transactions.call(session -> session.createNativeQuery("insert into ditch values (:id, 0, 'ORDERED')")
                .setParameter("id", id)
                .executeUpdate()
                .chain(() -> jobs.enqueue(session, new NewJob(id, kind, owner))));
        return id;
    }

    static Uni<Integer> dig(Mutiny.Session session, String id) {
        return session.createNativeQuery("update ditch set metres = metres + 1 where id = :id")
                .setParameter("id", id)
                .executeUpdate();
    }

    static Uni<Void> note(Mutiny.Session session, String id, String state) {
        return session.createNativeQuery("update ditch set state = :state where id = :id")
                .setParameter("state", state)
                .setParameter("id", id)
                .executeUpdate()
                .replaceWithVoid();
    }

    static Uni<String> describe(Mutiny.Session session, String id) {
        return session.createNativeQuery("select state || ' ' || metres from ditch where id = :id", String.class)
                .setParameter("id", id)
                .getSingleResult();
    }

    String describe(String id) {
        return transactions.call(session -> describe(session, id));
    }

    /// Gives state and reason of the job's row.
    List<String> job(String id) {
        Object[] row = transactions.call(session -> session.createNativeQuery(
                        "select state, coalesce(reason, '') from durable_job where id = :id", Object[].class)
                .setParameter("id", id)
                .getSingleResult());
        return List.of((String) row[0], (String) row[1]);
    }

    long count(String sql) {
        return transactions.call(
                session -> session.createNativeQuery(sql, Long.class).getSingleResult());
    }

    /// Has every connection of this process report what it did. By itself it does so no sooner than a second after its
    /// last report, and as late as ten seconds after its last transaction.
    void flushStatistics() {
        List<SqlConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < connectionsFree; i++) {
                connections.add(pool.getConnectionAndAwait());
            }
            connections.forEach(connection ->
                    connection.query("select pg_stat_force_next_flush()").executeAndAwait());
        } finally {
            connections.forEach(SqlConnection::closeAndAwait);
        }
    }

    int run(String sql) {
        return transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }
}
