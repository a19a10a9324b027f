package dev.graft.feature.queue;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/// Orders the two kinds of transactions of an extractor: those that look what is missing and ask for it, and those that
/// commit results.
///
/// Without it, one that looks while another commits would see an image neither computed nor pending, ask for it again,
/// and wait for ever for a result that has been published already. Commits do not exclude one another. The lock is the
/// database's (a transaction-level advisory lock), so that it holds between replicas.
public final class ExtractorLock {
    /// Keeps these locks apart from others in the same database: "feat" in ASCII.
    private static final int NAMESPACE = 0x66656174;

    private ExtractorLock() {}

    /// Excludes all others until the end of the transaction.
    public static Uni<Void> exclusive(Mutiny.Session session, int extractorId) {
        return take(session, "pg_advisory_xact_lock", extractorId);
    }

    /// Excludes those that look, until the end of the transaction.
    public static Uni<Void> shared(Mutiny.Session session, int extractorId) {
        return take(session, "pg_advisory_xact_lock_shared", extractorId);
    }

    private static Uni<Void> take(Mutiny.Session session, String function, int extractorId) {
        // The function gives void, which no driver type stands for; counting it gives a number.
        String sql = "select count(*) from (select " + function + "(" + NAMESPACE + ", :extractor)) as taken";
        return session.createNativeQuery(sql, Long.class)
                .setParameter("extractor", extractorId)
                .getSingleResult()
                .replaceWithVoid();
    }
}
