package dev.graft.ingest.dataset;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/// Reads and folds the maintained counts of datasets. No request counts memberships: the database adds a count row for
/// each statement that changes some, a reader sums them, and [#fold] keeps them few. Every method works in the caller's
/// transaction. The statements are native because they work on sets of rows.
@Singleton
class Tallies {
    /// Up to so many rows of one label and split are left as they are.
    private static final int FOLDED_FROM_ROWS = 16;

    static final String SUMS = """
            select dataset_id, label, split, cast(sum(images) as bigint) from dataset_tally
            where dataset_id in (:ids) group by dataset_id, label, split having sum(images) <> 0""";

    private static final String CROWDED = """
            select distinct dataset_id from (
                select dataset_id from dataset_tally group by dataset_id, label, split having count(*) >= :rows
            ) crowded limit 1""";

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
        return session.createNativeQuery(SUMS, Object[].class)
                .setParameter("ids", datasetIds)
                .getResultList()
                .map(rows -> {
                    Map<Long, Census> censuses = new HashMap<>();
                    for (Object[] row : rows) {
                        censuses.computeIfAbsent(((Number) row[0]).longValue(), id -> new Census())
                                .add((String) row[1], (String) row[2], ((Number) row[3]).longValue());
                    }
                    return censuses;
                });
    }

    /// Folds the counts of one dataset that has many rows of one label and split.
    ///
    /// @return whether there was one
    Uni<Boolean> fold(Mutiny.Session session) {
        return session.createNativeQuery(CROWDED, Long.class)
                .setParameter("rows", FOLDED_FROM_ROWS)
                .getResultList()
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().item(false)
                        : session.createNativeQuery(FOLD)
                                .setParameter("id", ids.getFirst())
                                .executeUpdate()
                                .replaceWith(true));
    }
}
