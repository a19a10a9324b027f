package dev.graft.ingest.dataset;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/// Reads and folds the maintained counts of datasets. No request counts memberships: the database adds a count
/// row for each statement that changes some, a reader sums them, and [#fold] keeps them few. Every method works
/// in the caller's transaction.
@Singleton
class Tallies {
    /// Up to so many rows of one label and split are left as they are.
    private static final long FOLDED_FROM_ROWS = 16;

    private static final String SUMS = """
            select new dev.graft.ingest.dataset.LabelCount(t.datasetId, t.label, t.split, sum(t.images))
            from DatasetTally t where t.datasetId in :ids
            group by t.datasetId, t.label, t.split having sum(t.images) <> 0""";

    private static final String CROWDED = """
            select t.datasetId from DatasetTally t
            group by t.datasetId, t.label, t.split having count(*) >= :rows""";

    // Native: it removes rows that no other process holds, and inserts their sums, in one statement.
    private static final String FOLD = """
            with folded as (
                delete from dataset_tally
                where id in (select id from dataset_tally where dataset_id = :id for update skip locked)
                returning label, split, images
            )
            insert into dataset_tally (dataset_id, label, split, images)
            select :id, label, split, sum(images) from folded group by label, split having sum(images) <> 0""";

    /// Counts the images of datasets. A dataset without images is missing from the result.
    Uni<Map<Long, Census>> censuses(Mutiny.Session session, Collection<Long> datasetIds) {
        return session.createSelectionQuery(SUMS, LabelCount.class)
                .setParameter("ids", datasetIds)
                .getResultList()
                .map(counts -> {
                    Map<Long, Census> censuses = new HashMap<>();
                    for (LabelCount count : counts) {
                        censuses.computeIfAbsent(count.datasetId(), id -> new Census())
                                .add(count.label(), count.split(), count.images());
                    }
                    return censuses;
                });
    }

    /// Folds the counts of one dataset that has many rows of one label and split.
    ///
    /// @return whether there was one
    Uni<Boolean> fold(Mutiny.Session session) {
        return session.createSelectionQuery(CROWDED, Long.class)
                .setParameter("rows", FOLDED_FROM_ROWS)
                .setMaxResults(1)
                .getResultList()
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().item(false)
                        : session.createNativeQuery(FOLD)
                                .setParameter("id", ids.getFirst())
                                .executeUpdate()
                                .replaceWith(true));
    }
}
