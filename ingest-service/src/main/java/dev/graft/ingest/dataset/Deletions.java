package dev.graft.ingest.dataset;

import dev.graft.jobs.Jobs;
import dev.graft.jobs.NewJob;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/// Deletes datasets of any size: the name is free at once, and what belonged to it is removed by a job in small
/// transactions, which a crash interrupts without harm. Every method works in the caller's transaction.
///
/// Statements are native where they work on a bounded number of rows of any table, or change a part of a key.
@Singleton
class Deletions {
    /// Rows that one transaction removes; at some 20,000 rows a second, a quarter of a second.
    private static final int ROWS_PER_TRANSACTION = 5_000;

    private static final String SOME_ROWS = """
            delete from %1$s where ctid = any(array(
                select ctid from %1$s where dataset_id = :id limit :rows))""";

    private static final String SOME_ROWS_OF_IMPORTS = """
            delete from %1$s where ctid = any(array(
                select r.ctid from %1$s r join import_job j on j.id = r.import_id
                where j.discarded_dataset_id = :id limit :rows))""";

    private static final List<String> STEPS = List.of(
            SOME_ROWS.formatted("dataset_image"),
            SOME_ROWS.formatted("reject"),
            SOME_ROWS_OF_IMPORTS.formatted("import_leak"),
            SOME_ROWS_OF_IMPORTS.formatted("import_finding"),
            SOME_ROWS.formatted("dataset_tally"));

    // A statement that waits for counts which are folded meanwhile removes none, though others are left.
    private static final String FOLDED_MEANWHILE = "select exists(select from dataset_tally where dataset_id = :id)";

    /// The kind of the jobs.
    static final String KIND = "dataset-deletion";

    private static final String OWNER = "datasets";
    private static final String ID_PREFIX = "dataset-";

    private final Jobs jobs;

    Deletions(Jobs jobs) {
        this.jobs = jobs;
    }

    /// Says which dataset a job removes.
    static long datasetOf(String jobId) {
        return Long.parseLong(jobId.substring(ID_PREFIX.length()));
    }

    /// Discards a dataset that the caller has locked: its name, frozen versions and imports go to a row that is
    /// deleted and empty. Its imports must have ended.
    Uni<Void> discard(Mutiny.Session session, Dataset dataset) {
        Dataset heir = dataset.discard(Instant.now());
        // The name must be free before the heir takes it; one flush would insert before it updates.
        return session.flush()
                .chain(() -> session.persist(heir))
                .chain(session::flush)
                .chain(() -> move(session, dataset.id(), heir.id()))
                .chain(() -> jobs.enqueue(session, new NewJob(ID_PREFIX + dataset.id(), KIND, OWNER)))
                .replaceWithVoid();
    }

    private static Uni<Void> move(Mutiny.Session session, long datasetId, long heir) {
        return execute(session, "update dataset_version set dataset_id = :heir where dataset_id = :id", datasetId, heir)
                .chain(() -> execute(session, """
                        update import_job set dataset_id = :heir, discarded_dataset_id = :id
                        where dataset_id = :id""", datasetId, heir));
    }

    private static Uni<Void> execute(Mutiny.Session session, String sql, long datasetId, long heir) {
        return session.createNativeQuery(sql)
                .setParameter("heir", heir)
                .setParameter("id", datasetId)
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Removes some rows of a discarded dataset, or the dataset itself when none is left.
    ///
    /// @return whether anything is left
    Uni<Boolean> advance(Mutiny.Session session, long datasetId) {
        return advance(session, datasetId, STEPS);
    }

    private static Uni<Boolean> advance(Mutiny.Session session, long datasetId, List<String> statements) {
        if (statements.isEmpty()) {
            return session.createNativeQuery(FOLDED_MEANWHILE, Boolean.class)
                    .setParameter("id", datasetId)
                    .getSingleResult()
                    .chain(left -> left ? Uni.createFrom().item(true) : removed(session, datasetId));
        }
        return session.createNativeQuery(statements.getFirst())
                .setParameter("id", datasetId)
                .setParameter("rows", ROWS_PER_TRANSACTION)
                .executeUpdate()
                .chain(removed -> removed > 0
                        ? Uni.createFrom().item(true)
                        : advance(session, datasetId, statements.subList(1, statements.size())));
    }

    private static Uni<Boolean> removed(Mutiny.Session session, long datasetId) {
        return session.createNativeQuery(
                        "update import_job set discarded_dataset_id = null where discarded_dataset_id = :id")
                .setParameter("id", datasetId)
                .executeUpdate()
                .chain(() -> session.createNativeQuery("delete from dataset where id = :id")
                        .setParameter("id", datasetId)
                        .executeUpdate())
                .replaceWith(false);
    }
}
