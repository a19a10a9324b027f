package dev.graft.jobs;

import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// The domain of these tests: ditches, whose digging is a job.
@ApplicationScoped
class Ditches {
    private final Jobs jobs;
    private final Transactions transactions;

    Ditches(Jobs jobs, Transactions transactions) {
        this.jobs = jobs;
        this.transactions = transactions;
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

    int run(String sql) {
        return transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }
}
