package dev.graft.ingest.version;

import dev.graft.ingest.dataset.Dataset;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/// Keeps the rows of frozen versions. Every method works in the caller's transaction.
@Singleton
class Versions {

    /// Gives the newest version; empty when there is none.
    Uni<Optional<DatasetVersion>> newest(Mutiny.Session session, Dataset dataset) {
        return session.createSelectionQuery(
                        "from DatasetVersion where datasetId = :dataset order by number desc", DatasetVersion.class)
                .setParameter("dataset", dataset.id())
                .setMaxResults(1)
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }

    /// Gives one version.
    ///
    /// @throws ProblemException (by the result) when there is none
    Uni<VersionView> get(Mutiny.Session session, Dataset dataset, int number) {
        return session.find(DatasetVersion.class, new DatasetVersion.Key(dataset.id(), number))
                .onItem()
                .ifNull()
                .failWith(() -> new ProblemException(
                        ProblemType.DATASET_VERSION_NOT_FOUND,
                        "The dataset %s has no version %d.".formatted(dataset.name(), number)))
                .map(version -> version.view(dataset));
    }

    /// Gives the versions of a page, the oldest first.
    Uni<PageView<VersionView>> list(Mutiny.Session session, Dataset dataset, PageRequest<Integer> page) {
        return session.createSelectionQuery("""
                        from DatasetVersion where datasetId = :dataset and number > :after order by number""", DatasetVersion.class)
                .setParameter("dataset", dataset.id())
                .setParameter("after", page.after())
                .setMaxResults(page.lookAhead())
                .getResultList()
                .map(found ->
                        found.stream().map(version -> version.view(dataset)).toList())
                .map(views -> PageView.of(views, page, view -> Integer.toString(view.version())));
    }
}
