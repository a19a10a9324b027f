package dev.graft.feature.embedding;

import dev.graft.contracts.EmbeddingLocation;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/// Reads and writes the rows of embeddings, and of what could not be embedded. Every method works in the
/// caller's transaction; lists have some thousand images at most.
@Singleton
public class Embeddings {
    Embeddings() {}

    /// Native because a list of images comes as one array, which is compared with an index; HQL would send each
    /// id as a parameter of its own.
    private static final String LOCATE = """
            select e.image_id, s.object_key, e.row_number
            from embedding e join segment s on s.id = e.segment_id
            where e.extractor_id = :extractor and e.image_id = any(cast(:images as text[]))""";

    /// Native because the rows of a segment are inserted by one statement, from one array.
    private static final String INSERT = """
            insert into embedding (extractor_id, image_id, segment_id, row_number)
            select :extractor, line.image_id, cast(:segment as uuid), line.number - 1
            from unnest(cast(:images as text[])) with ordinality as line (image_id, number)""";

    /// Native because the failures of a claim are inserted by one statement, and for `on conflict`: the first
    /// reason of an image stays.
    private static final String INSERT_FAILURES = """
            insert into failure (extractor_id, image_id, reason, detail)
            select :extractor, line.image_id, line.reason, line.detail
            from unnest(cast(:images as text[]), cast(:reasons as text[]), cast(:details as text[]))
                as line (image_id, reason, detail)
            on conflict (extractor_id, image_id) do nothing""";

    /// Finds the locations of images; those without an embedding are left out.
    Uni<List<EmbeddingLocation>> locate(Mutiny.Session session, int extractorId, List<String> imageIds) {
        return session.createNativeQuery(LOCATE, Object[].class)
                .setParameter("extractor", extractorId)
                .setParameter("images", imageIds.toArray(String[]::new))
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new EmbeddingLocation((String) row[0], (String) row[1], (Integer) row[2]))
                        .toList());
    }

    /// Finds the location of an image.
    Uni<Optional<EmbeddingLocation>> find(Mutiny.Session session, int extractorId, String imageId) {
        return session.createSelectionQuery("""
                        select e.imageId, s.objectKey, e.rowNumber
                        from EmbeddingRecord e join SegmentRecord s on s.id = e.segmentId
                        where e.extractorId = :extractor and e.imageId = :image""", EmbeddingLocation.class)
                .setParameter("extractor", extractorId)
                .setParameter("image", imageId)
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }

    /// Finds why an image has no embedding.
    Uni<Optional<Failure>> findFailure(Mutiny.Session session, int extractorId, String imageId) {
        return session.find(FailureRecord.class, new ImageKey(extractorId, imageId))
                .map(found -> Optional.ofNullable(found).map(FailureRecord::failure));
    }

    /// Inserts a segment and the locations of its embeddings.
    public Uni<Void> insert(Mutiny.Session session, int extractorId, Segment segment, String objectKey) {
        return session.persist(new SegmentRecord(segment, extractorId, objectKey))
                .chain(session::flush)
                .chain(() -> session.createNativeQuery(INSERT)
                        .setParameter("extractor", extractorId)
                        .setParameter("segment", segment.id().toString())
                        .setParameter("images", segment.imageIds().toArray(String[]::new))
                        .executeUpdate())
                .replaceWithVoid();
    }

    /// Inserts why images have no embedding, unless a reason is there already.
    public Uni<Void> insertFailures(Mutiny.Session session, int extractorId, List<Failure> failures) {
        return session.createNativeQuery(INSERT_FAILURES)
                .setParameter("extractor", extractorId)
                .setParameter("images", column(failures, Failure::imageId))
                .setParameter(
                        "reasons", column(failures, failure -> failure.reason().name()))
                .setParameter("details", column(failures, Failure::detail))
                .executeUpdate()
                .replaceWithVoid();
    }

    private static String[] column(List<Failure> failures, Function<Failure, String> value) {
        return failures.stream().map(value).toArray(String[]::new);
    }
}
