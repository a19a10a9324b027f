package dev.graft.ingest.reject;

import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Reads refusals. Every method works in the caller's transaction.
@Singleton
class Rejects {
    private static final String SELECT = """
            select r.seq, cast(r.id as text), d.name, cast(r.import_id as text), r.file_name, r.label, r.split,
                r.problem_type, r.detail, r.object_key, r.replayed_as, r.rejected_at
            from reject r join dataset d on d.id = r.dataset_id and not d.discarded""";

    /// A refusal with what clients are not told.
    ///
    /// @param seq       its place in the order of refusals
    /// @param objectKey where its bytes are; absent when they are not kept
    record Entry(long seq, RejectView view, @Nullable String objectKey) {}

    /// Gives one refusal, and keeps it from being replayed by another until the transaction ends.
    ///
    /// @throws ProblemException (by the result) when there is none
    Uni<Entry> hold(Mutiny.Session session, UUID rejectId) {
        return session.createNativeQuery(SELECT + " where r.id = :id for update of r", Object[].class)
                .setParameter("id", rejectId)
                .getResultList()
                .map(rows -> {
                    if (rows.isEmpty()) {
                        throw new ProblemException(
                                ProblemType.REJECT_NOT_FOUND, "There is no rejected file %s.".formatted(rejectId));
                    }
                    return entry(rows.getFirst());
                });
    }

    /// Gives the refusals of a page, the oldest first.
    ///
    /// @param dataset  only of this; empty for all
    /// @param importId only of this; absent for all
    Uni<PageView<RejectView>> list(Mutiny.Session session, String dataset, @Nullable UUID importId, PageRequest page) {
        Mutiny.SelectionQuery<Object[]> query = session.createNativeQuery(
                        SELECT + " where r.seq > :after"
                                + (dataset.isEmpty()
                                        ? ""
                                        : " and r.dataset_id = (select id from dataset where name = :dataset)")
                                + (importId == null ? "" : " and r.import_id = :import")
                                + " order by r.seq",
                        Object[].class)
                .setParameter("after", page.afterNumber());
        if (!dataset.isEmpty()) {
            query.setParameter("dataset", dataset);
        }
        if (importId != null) {
            query.setParameter("import", importId);
        }
        return query.setMaxResults(page.lookAhead()).getResultList().map(rows -> {
            PageView<Entry> entries =
                    PageView.of(rows.stream().map(Rejects::entry).toList(), page, entry -> Long.toString(entry.seq()));
            List<RejectView> views = entries.items().stream().map(Entry::view).toList();
            return new PageView<>(views, entries.next());
        });
    }

    /// Records what another try made of a refused file.
    Uni<Void> replayed(Mutiny.Session session, UUID rejectId, String imageId) {
        return session.createNativeQuery("update reject set replayed_as = :image where id = :id")
                .setParameter("image", imageId)
                .setParameter("id", rejectId)
                .executeUpdate()
                .replaceWithVoid();
    }

    private static Entry entry(Object[] row) {
        String importId = (String) row[3];
        String objectKey = (String) row[9];
        RejectView view = new RejectView(
                UUID.fromString((String) row[1]),
                (String) row[2],
                importId == null ? null : UUID.fromString(importId),
                (String) row[4],
                (String) row[5],
                (String) row[6],
                (String) row[7],
                (String) row[8],
                objectKey != null,
                (String) row[10],
                ((OffsetDateTime) row[11]).toInstant());
        return new Entry(((Number) row[0]).longValue(), view, objectKey);
    }
}
