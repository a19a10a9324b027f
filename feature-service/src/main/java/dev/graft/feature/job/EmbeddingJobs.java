package dev.graft.feature.job;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.queue.QueueStatistics;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Reads and changes the rows of jobs. Every method works in the caller's transaction. A job is changed by
/// statements only, never through its entity, so that two writers never overwrite each other's counts.
@Singleton
class EmbeddingJobs {
    private static final int MAX_WOKEN = 1_000;

    private static final String COUNTS = """
            select j.id, j.total, j.cached, j.computed, j.failed, x.digest
            from EmbeddingJob j left join ExtractorRecord x on x.id = j.extractorId where j.id = :job""";

    private final QueueStatistics statistics;

    EmbeddingJobs(QueueStatistics statistics) {
        this.statistics = statistics;
    }

    /// @return false when the id is known already, and nothing was changed
    Uni<Boolean> insert(Mutiny.Session session, NewJob job) {
        ExtractorChoice choice = job.choice();
        return session.createNativeQuery(JobSql.INSERT)
                .setParameter("id", job.id())
                .setParameter("manifest", job.manifestKey())
                .setParameter("digest", job.imagesDigest())
                .setParameter("backbone", choice.backbone())
                .setParameter("layer", choice.layer())
                .setParameter("size", choice.inputSizePixels())
                .setParameter("precision", choice.precision().name())
                .executeUpdate()
                .chain(rows -> rows == 0
                        ? Uni.createFrom().item(false)
                        : insertImages(session, job).replaceWith(true));
    }

    private static Uni<Void> insertImages(Mutiny.Session session, NewJob job) {
        return job.imageIds().isEmpty()
                ? Uni.createFrom().voidItem()
                : session.createNativeQuery(JobSql.INSERT_IMAGES)
                        .setParameter("id", job.id())
                        .setParameter("images", job.imageIds().toArray(String[]::new))
                        .executeUpdate()
                        .replaceWithVoid();
    }

    /// Keeps that a job was cancelled before it was asked for: it never begins.
    ///
    /// @return false when the id is known already, and nothing was changed
    Uni<Boolean> insertCancelled(Mutiny.Session session, String id, String reason) {
        return session.createNativeQuery(JobSql.INSERT_CANCELLED)
                .setParameter("id", id)
                .setParameter("detail", reason)
                .executeUpdate()
                .map(rows -> rows == 1);
    }

    Uni<Optional<EmbeddingJob>> find(Mutiny.Session session, String id) {
        return session.find(EmbeddingJob.class, id).map(Optional::ofNullable);
    }

    /// Finds a job and holds its row until the transaction ends.
    Uni<EmbeddingJob> lock(Mutiny.Session session, String id) {
        return session.find(EmbeddingJob.class, id, LockMode.PESSIMISTIC_WRITE);
    }

    /// Lists the images that a request listed, in its order; none when a manifest lists them.
    Uni<List<String>> listedImageIds(Mutiny.Session session, String id) {
        return session.createSelectionQuery(
                        "select i.imageId from JobImage i where i.jobId = :job order by i.position", String.class)
                .setParameter("job", id)
                .getResultList();
    }

    /// Lists the first images of a job that have no embedding, with reasons. The reasons are found by the images' ids,
    /// in a statement of their own: joined, those of all jobs may be read up to the images'.
    ///
    /// @param limit a few, each a parameter of that statement
    Uni<List<Failure>> failures(Mutiny.Session session, String id, int extractorId, int limit) {
        return session.createSelectionQuery(
                        "select j.imageId from JobFailure j where j.jobId = :job order by j.imageId", String.class)
                .setParameter("job", id)
                .setMaxResults(limit)
                .getResultList()
                .chain(imageIds -> session.createSelectionQuery("""
                                select f.imageId, f.reason, f.detail from FailureRecord f
                                where f.extractorId = :extractor and f.imageId in :images
                                order by f.imageId""", Failure.class)
                        .setParameter("extractor", extractorId)
                        .setParameter("images", imageIds)
                        .getResultList());
    }

    /// Queues what some images of a job miss, and counts them.
    ///
    /// @param imageIds some thousand at most, each once
    Uni<Integer> plan(Mutiny.Session session, String id, int extractorId, List<String> imageIds) {
        return session.createNativeQuery(JobSql.PLAN)
                .setParameter("job", id)
                .setParameter("extractor", extractorId)
                .setParameter("images", imageIds.toArray(String[]::new))
                .executeUpdate()
                .call(() -> statistics.added(session, imageIds.size()));
    }

    /// Begins to wait for the images of a job that is planned.
    Uni<JobCounts> begin(Mutiny.Session session, String id, int extractorId) {
        return session.createMutationQuery("""
                        update EmbeddingJob set state = :running, extractorId = :extractor,
                            startedAt = coalesce(startedAt, instant), publishedAt = instant
                        where id = :job""")
                .setParameter("running", JobState.RUNNING)
                .setParameter("extractor", extractorId)
                .setParameter("job", id)
                .executeUpdate()
                .chain(() -> session.createNativeQuery(JobSql.TAKE_TURNS)
                        .setParameter("job", id)
                        .executeUpdate())
                .chain(() -> counts(session, id));
    }

    private static Uni<JobCounts> counts(Mutiny.Session session, String id) {
        return session.createSelectionQuery(COUNTS, JobCounts.class)
                .setParameter("job", id)
                .getSingleResult();
    }

    /// Lists jobs that wait for nothing more.
    Uni<List<String>> settled(Mutiny.Session session) {
        return session.createSelectionQuery("""
                        select j.id from EmbeddingJob j
                        where j.state = RUNNING and j.cached + j.computed + j.failed = j.total""", String.class)
                .setMaxResults(MAX_WOKEN)
                .getResultList();
    }

    /// Returns whether a running job has come further since that was published.
    Uni<Boolean> hasMoved(Mutiny.Session session) {
        return session.createSelectionQuery("""
                        select j.id from EmbeddingJob j
                        where j.state = RUNNING and j.published <> j.computed + j.failed""", String.class)
                .setMaxResults(1)
                .getResultList()
                .map(moved -> !moved.isEmpty());
    }

    /// Notes of each running job that has come further that this is published, unless that was a moment ago.
    Uni<List<JobCounts>> publish(Mutiny.Session session, Duration moment) {
        return session.createNativeQuery(JobSql.PUBLISH, Object[].class)
                .setParameter("millis", moment.toMillis())
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new JobCounts(
                                (String) row[0], (Long) row[1], (Long) row[2], (Long) row[3], (Long) row[4], (String)
                                        row[5]))
                        .toList());
    }

    /// Ends a job.
    ///
    /// @return empty when it had ended before, and nothing was changed
    Uni<Optional<JobCounts>> end(
            Mutiny.Session session, String id, JobState state, @Nullable String indexKey, @Nullable String detail) {
        return session.createMutationQuery("""
                        update EmbeddingJob set state = :state, finishedAt = instant, indexKey = :index, detail = :detail
                        where id = :job and state in (QUEUED, RUNNING)""")
                .setParameter("state", state)
                .setParameter("index", indexKey)
                .setParameter("detail", detail)
                .setParameter("job", id)
                .executeUpdate()
                .call(() -> session.createNativeQuery(JobSql.LEAVE_TURNS)
                        .setParameter("job", id)
                        .executeUpdate())
                .chain(rows -> rows == 0
                        ? Uni.createFrom().item(Optional.empty())
                        : counts(session, id).map(Optional::of));
    }

    /// Forgets some of what a job waited for that has ended.
    ///
    /// @return how many images; 0 when nothing is left
    Uni<Long> forgetMissing(Mutiny.Session session, String id, int limit) {
        return session.createNativeQuery(JobSql.FORGET_MISSING, Long.class)
                .setParameter("job", id)
                .setParameter("limit", limit)
                .getSingleResult();
    }
}
