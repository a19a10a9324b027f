package dev.graft.ingest.dataset;

import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.jobs.Jobs;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Keeps datasets. Every method works in the caller's transaction.
@Singleton
public class Datasets {
    private static final String COLUMNS = "select id, name, created_at from dataset where deleted_at is null ";

    private final Tallies tallies;
    private final Deletions deletions;
    private final Jobs jobs;

    Datasets(Tallies tallies, Deletions deletions, Jobs jobs) {
        this.tallies = tallies;
        this.deletions = deletions;
        this.jobs = jobs;
    }

    /// Makes a dataset when there is none of the name; one that was deleted begins anew, empty.
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
        return one(session, COLUMNS + "and name = :name for share", name).map(row -> new Dataset(id(row), name));
    }

    /// Gives a dataset and keeps everybody else from changing it until the transaction ends.
    ///
    /// @throws ProblemException (by the result) when there is none
    public Uni<Dataset> lock(Mutiny.Session session, String name) {
        return one(session, COLUMNS + "and name = :name for update", name).map(row -> new Dataset(id(row), name));
    }

    /// Gives a dataset.
    ///
    /// @throws ProblemException (by the result) when there is none
    public Uni<Dataset> get(Mutiny.Session session, String name) {
        return one(session, COLUMNS + "and name = :name", name).map(row -> new Dataset(id(row), name));
    }

    /// Describes a dataset.
    ///
    /// @throws ProblemException (by the result) when there is none
    public Uni<DatasetView> view(Mutiny.Session session, String name) {
        return one(session, COLUMNS + "and name = :name", name)
                .chain(row -> counted(session, List.<Object[]>of(row)))
                .map(List::getFirst);
    }

    /// Describes the datasets of a page, by name.
    public Uni<PageView<DatasetView>> list(Mutiny.Session session, PageRequest page) {
        return session.createNativeQuery(COLUMNS + "and name > :after order by name", Object[].class)
                .setParameter("after", page.after())
                .setMaxResults(page.lookAhead())
                .getResultList()
                .chain(rows -> counted(session, rows))
                .map(views -> PageView.of(views, page, DatasetView::name));
    }

    /// Counts the pictures of a dataset.
    public Uni<Census> census(Mutiny.Session session, long datasetId) {
        return tallies.censuses(session, List.of(datasetId))
                .map(censuses -> censuses.getOrDefault(datasetId, new Census()));
    }

    /// Deletes a dataset with its memberships and refusals, and ends its imports. Its name is free at once; its rows
    /// are
    /// removed afterwards, as they may be many. Images stay, because other datasets and frozen versions may have
    /// them.
    ///
    /// @throws ProblemException (by the result) when there is none
    public Uni<Void> delete(Mutiny.Session session, String name) {
        return get(session, name)
                // Before the dataset is locked: whoever works on an import holds the job first, and then the dataset.
                .call(dataset -> endImports(session, dataset))
                .chain(() -> lock(session, name))
                .chain(dataset -> deletions.discard(session, dataset.id(), name));
    }

    /// An import that begins at this very moment finds that the dataset is gone, and ends by itself.
    private Uni<Void> endImports(Mutiny.Session session, Dataset dataset) {
        return session.createNativeQuery("""
                        select cast(id as text) from import_job
                        where dataset_id = :id and state in ('UPLOADING', 'QUEUED', 'RUNNING')""", String.class)
                .setParameter("id", dataset.id())
                .getResultList()
                .chain(ids -> Multi.createFrom()
                        .iterable(ids)
                        .onItem()
                        .transformToUniAndConcatenate(id -> jobs.cancel(session, id, "The dataset was deleted."))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    private static Uni<Object[]> one(Mutiny.Session session, String sql, String name) {
        return session.createNativeQuery(sql, Object[].class)
                .setParameter("name", name)
                .getResultList()
                .map(rows -> {
                    if (rows.isEmpty()) {
                        throw new ProblemException(
                                ProblemType.DATASET_NOT_FOUND, "There is no dataset %s.".formatted(name));
                    }
                    return rows.getFirst();
                });
    }

    private Uni<List<DatasetView>> counted(Mutiny.Session session, List<Object[]> rows) {
        if (rows.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        return tallies.censuses(session, rows.stream().map(Datasets::id).toList())
                .map(censuses -> rows.stream()
                        .map(row -> view(row, censuses.get(id(row))))
                        .toList());
    }

    private static DatasetView view(Object[] row, @Nullable Census found) {
        Census census = found == null ? new Census() : found;
        return new DatasetView(
                (String) row[1],
                census.images(),
                census.classes(),
                census.splits(),
                ((OffsetDateTime) row[2]).toInstant());
    }

    private static long id(Object[] row) {
        return ((Number) row[0]).longValue();
    }
}
