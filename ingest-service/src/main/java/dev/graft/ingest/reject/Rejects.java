package dev.graft.ingest.reject;

import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Reads refusals. Every method works in the caller's transaction.
@Singleton
public class Rejects {

    /// Gives one refusal with its dataset, and keeps it from being replayed by another until the transaction
    /// ends. Only the refusal is locked: its dataset is read for itself.
    ///
    /// @throws ProblemException (by the result) when there is none
    Uni<Reject> hold(Mutiny.Session session, UUID rejectId) {
        return session.find(Reject.class, rejectId, LockMode.PESSIMISTIC_WRITE)
                .onItem()
                .ifNull()
                .failWith(() -> absent(rejectId))
                .call(reject -> session.fetch(reject.dataset).invoke(dataset -> {
                    if (dataset.isDiscarded()) {
                        throw absent(rejectId);
                    }
                }));
    }

    private static ProblemException absent(UUID rejectId) {
        return new ProblemException(ProblemType.REJECT_NOT_FOUND, "There is no rejected file %s.".formatted(rejectId));
    }

    /// Gives the refusals of a page, the oldest first.
    ///
    /// @param dataset  only of this; empty for all
    /// @param importId only of this; absent for all
    Uni<PageView<RejectView>> list(
            Mutiny.Session session, String dataset, @Nullable UUID importId, PageRequest<Long> page) {
        Mutiny.SelectionQuery<Reject> query = session.createSelectionQuery(
                        "from Reject r join fetch r.dataset d where d.discarded = false and r.seq > :after"
                                // The id is found first, so that the index on it gives the order, too.
                                + (dataset.isEmpty()
                                        ? ""
                                        : " and r.dataset.id = (select o.id from Dataset o where o.name = :dataset)")
                                + (importId == null ? "" : " and r.importId = :import")
                                + " order by r.seq",
                        Reject.class)
                .setParameter("after", page.after());
        if (!dataset.isEmpty()) {
            query.setParameter("dataset", dataset);
        }
        if (importId != null) {
            query.setParameter("import", importId);
        }
        return query.setMaxResults(page.lookAhead()).getResultList().map(found -> {
            PageView<Reject> rejects = PageView.of(found, page, reject -> Long.toString(reject.seq));
            return new PageView<>(rejects.items().stream().map(Reject::view).toList(), rejects.next());
        });
    }

    /// Gives the first refusals of an import, in the order of its archive.
    public Uni<List<Reject>> ofImport(Mutiny.Session session, UUID importId, int limit) {
        return session.createSelectionQuery("from Reject where importId = :import order by ordinal", Reject.class)
                .setParameter("import", importId)
                .setMaxResults(limit)
                .setReadOnly(true)
                .getResultList();
    }
}
