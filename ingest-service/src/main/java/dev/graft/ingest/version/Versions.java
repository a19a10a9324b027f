package dev.graft.ingest.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.ingest.dataset.Census;
import dev.graft.ingest.dataset.Dataset;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/// Keeps the rows of frozen versions. Every method works in the caller's transaction.
@Singleton
class Versions {
    private static final TypeReference<LinkedHashMap<String, Long>> COUNTS = new TypeReference<>() {};
    private static final String SELECT = """
            select version, manifest_key, manifest_digest, images, classes, splits, frozen_at
            from dataset_version where dataset_id = :dataset""";

    private final ObjectMapper json;

    Versions(ObjectMapper json) {
        this.json = json;
    }

    /// Gives the newest version; empty when there is none.
    Uni<Optional<VersionView>> newest(Mutiny.Session session, Dataset dataset) {
        return select(session, dataset, "order by version desc limit 1")
                .getResultList()
                .map(rows -> rows.stream().findFirst().map(row -> view(dataset, row)));
    }

    /// Gives one version.
    ///
    /// @throws ProblemException (by the result) when there is none
    Uni<VersionView> get(Mutiny.Session session, Dataset dataset, int version) {
        return select(session, dataset, "and version = :version")
                .setParameter("version", version)
                .getResultList()
                .map(rows -> {
                    if (rows.isEmpty()) {
                        throw new ProblemException(
                                ProblemType.DATASET_VERSION_NOT_FOUND,
                                "The dataset %s has no version %d.".formatted(dataset.name(), version));
                    }
                    return view(dataset, rows.getFirst());
                });
    }

    /// Gives the versions of a page, the oldest first.
    Uni<PageView<VersionView>> list(Mutiny.Session session, Dataset dataset, PageRequest page) {
        return select(session, dataset, "and version > :after order by version")
                .setParameter("after", page.afterNumber())
                .setMaxResults(page.lookAhead())
                .getResultList()
                .map(rows -> rows.stream().map(row -> view(dataset, row)).toList())
                .map(views -> PageView.of(views, page, view -> Integer.toString(view.version())));
    }

    /// Records a version.
    Uni<Void> insert(
            Mutiny.Session session, Dataset dataset, int version, String manifestKey, String digest, Census census) {
        return session.createNativeQuery("""
                        insert into dataset_version
                            (dataset_id, version, manifest_key, manifest_digest, images, classes, splits)
                        values (:dataset, :version, :key, :digest, :images, :classes, :splits)""")
                .setParameter("dataset", dataset.id())
                .setParameter("version", version)
                .setParameter("key", manifestKey)
                .setParameter("digest", digest)
                .setParameter("images", census.images())
                .setParameter("classes", write(census.classes()))
                .setParameter("splits", write(census.splits()))
                .executeUpdate()
                .replaceWithVoid();
    }

    private static Mutiny.SelectionQuery<Object[]> select(Mutiny.Session session, Dataset dataset, String rest) {
        return session.createNativeQuery(SELECT + " " + rest, Object[].class).setParameter("dataset", dataset.id());
    }

    private VersionView view(Dataset dataset, Object[] row) {
        return new VersionView(
                dataset.name(),
                ((Number) row[0]).intValue(),
                (String) row[1],
                (String) row[2],
                ((Number) row[3]).longValue(),
                read((String) row[4]),
                read((String) row[5]),
                ((OffsetDateTime) row[6]).toInstant());
    }

    private Map<String, Long> read(String counts) {
        try {
            return json.readValue(counts, COUNTS);
        } catch (JsonProcessingException foreign) {
            throw new IllegalStateException("the counts of a version are not as they were written", foreign);
        }
    }

    private String write(Map<String, Long> counts) {
        try {
            return json.writeValueAsString(counts);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("counts are JSON", impossible);
        }
    }
}
