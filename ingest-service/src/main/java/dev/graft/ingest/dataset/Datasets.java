package dev.graft.ingest.dataset;

import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.jobs.Jobs;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Keeps datasets. Every method works in the caller's transaction.
@Singleton
public class Datasets {
    private final Tallies tallies;
    private final Deletions deletions;
    private final Jobs jobs;

    Datasets(Tallies tallies, Deletions deletions, Jobs jobs) {
        this.tallies = tallies;
        this.deletions = deletions;
        this.jobs = jobs;
    }

    /// Makes a dataset when there is none of the name; one that was deleted begins again, empty. The statement
    /// is native for its `on conflict`: two requests for one name at once make one dataset.
    ///
    /// @return whether it was made
    public Uni<Boolean> create(Mutiny.Session session, String name) {
        return session.createNativeQuery("""
                        insert into dataset (name) values (:name)
                        on conflict (name) do update set deleted_at = null, created_at = now()
                        where dataset.deleted_at is not null""")
                .setParameter("name", name)
                .executeUpdate()
                .map(rows -> rows == 1);
    }

    /// Gives a dataset and keeps it from being deleted until the transaction ends.
    ///
    /// @throws ProblemException (by the result) when there is none
    public Uni<Dataset> hold(Mutiny.Session session, String name) {
        return one(session, name, LockMode.PESSIMISTIC_READ);
    }

    /// Gives a dataset and keeps everybody else from changing it until the transaction ends.
    ///
    /// @throws ProblemException (by the result) when there is none
    public Uni<Dataset> lock(Mutiny.Session session, String name) {
        return one(session, name, LockMode.PESSIMISTIC_WRITE);
    }

    /// Holds a dataset that was read before; see [#hold(Mutiny.Session, String)].
    ///
    /// @throws ProblemException (by the result) when it was deleted since, also when its name is another's now
    public Uni<Dataset> hold(Mutiny.Session session, Dataset known) {
        return same(hold(session, known.name()), known);
    }

    /// Locks a dataset that was read before; see [#lock(Mutiny.Session, String)].
    ///
    /// @throws ProblemException (by the result) when it was deleted since, also when its name is another's now
    public Uni<Dataset> lock(Mutiny.Session session, Dataset known) {
        return same(lock(session, known.name()), known);
    }

    private static Uni<Dataset> same(Uni<Dataset> named, Dataset known) {
        return named.invoke(found -> {
            if (found.id() != known.id()) {
                throw new ProblemException(
                        ProblemType.DATASET_NOT_FOUND,
                        "The dataset %s was deleted meanwhile. The name is that of a new one now."
                                .formatted(found.name()));
            }
        });
    }

    /// Gives a dataset.
    ///
    /// @throws ProblemException (by the result) when there is none
    public Uni<Dataset> get(Mutiny.Session session, String name) {
        return one(session, name, LockMode.NONE);
    }

    /// Describes a dataset.
    ///
    /// @throws ProblemException (by the result) when there is none
    public Uni<DatasetView> view(Mutiny.Session session, String name) {
        return get(session, name)
                .chain(dataset -> counted(session, List.of(dataset)))
                .map(List::getFirst);
    }

    /// Describes the datasets of a page, by name.
    public Uni<PageView<DatasetView>> list(Mutiny.Session session, PageRequest<String> page) {
        return session.createSelectionQuery(
                        "from Dataset where deletedAt is null and name > :after order by name", Dataset.class)
                .setParameter("after", page.after())
                .setMaxResults(page.lookAhead())
                .getResultList()
                .chain(found -> counted(session, found))
                .map(views -> PageView.of(views, page, DatasetView::name));
    }

    /// Counts the images of a dataset.
    public Uni<Census> census(Mutiny.Session session, long datasetId) {
        return tallies.censuses(session, List.of(datasetId))
                .map(censuses -> censuses.getOrDefault(datasetId, new Census()));
    }

    /// Deletes a dataset with its memberships and refusals, and ends its imports. Its name is free at once; its
    /// rows are removed afterwards, as they may be many. Images stay, because other datasets and frozen
    /// versions may have them.
    ///
    /// @throws ProblemException (by the result) when there is none
    public Uni<Void> delete(Mutiny.Session session, String name) {
        return get(session, name)
                // Before the dataset is locked: an import's worker holds the job first, and then the dataset.
                .call(dataset -> endImports(session, dataset))
                .chain(dataset -> lock(session, dataset))
                .chain(dataset -> deletions.discard(session, dataset));
    }

    /// An import that begins at this very moment finds that the dataset is gone, and ends by itself.
    private Uni<Void> endImports(Mutiny.Session session, Dataset dataset) {
        return session.createSelectionQuery("""
                        select j.id from ImportJob j
                        where j.dataset.id = :id and j.state in (UPLOADING, QUEUED, RUNNING)""", UUID.class)
                .setParameter("id", dataset.id())
                .getResultList()
                .chain(ids -> Multi.createFrom()
                        .iterable(ids)
                        .onItem()
                        .transformToUniAndConcatenate(
                                id -> jobs.cancel(session, id.toString(), "The dataset was deleted."))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    private static Uni<Dataset> one(Mutiny.Session session, String name, LockMode lock) {
        return session.createSelectionQuery("from Dataset where name = :name and deletedAt is null", Dataset.class)
                .setParameter("name", name)
                .setLockMode(lock)
                .getSingleResultOrNull()
                .onItem()
                .ifNull()
                .failWith(() ->
                        new ProblemException(ProblemType.DATASET_NOT_FOUND, "There is no dataset %s.".formatted(name)));
    }

    private Uni<List<DatasetView>> counted(Mutiny.Session session, List<Dataset> datasets) {
        if (datasets.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        return tallies.censuses(session, datasets.stream().map(Dataset::id).toList())
                .map(censuses -> datasets.stream()
                        .map(dataset -> view(dataset, censuses.get(dataset.id())))
                        .toList());
    }

    private static DatasetView view(Dataset dataset, @Nullable Census found) {
        Census census = found == null ? new Census() : found;
        return new DatasetView(dataset.name(), census.images(), census.classes(), census.splits(), dataset.createdAt());
    }
}
