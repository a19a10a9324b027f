package dev.graft.feature.job;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.ExtractorLock;
import dev.graft.feature.queue.PictureQueue;
import dev.graft.jobs.Jobs;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Keeps jobs, and tells by events how they come on. Who works on one is kept by the kit for durable work. Methods that
/// are given a session work in the caller's transaction; the others block and are safe for many threads and replicas.
@ApplicationScoped
public class JobStore {
    /// The kind of the jobs that look what is missing and write the index.
    static final String KIND = "embedding";

    /// The kind of the jobs that forget what a cancelled job waited for.
    static final String FORGETTING = "embedding-forgetting";

    private final Transactions transactions;
    private final Outbox outbox;
    private final Jobs jobs;
    private final EmbeddingConfig config;

    /// Makes the store over the service's database.
    public JobStore(Transactions transactions, Outbox outbox, Jobs jobs, EmbeddingConfig config) {
        this.transactions = transactions;
        this.outbox = outbox;
        this.jobs = jobs;
        this.config = config;
    }

    /// Keeps a request.
    ///
    /// @return false when its id is known already, and nothing was changed
    public boolean accept(NewJob job) {
        return transactions.call(session -> accept(session, job));
    }

    /// Keeps a request within the caller's transaction.
    ///
    /// @return false when its id is known already, and nothing was changed
    public Uni<Boolean> accept(Mutiny.Session session, NewJob job) {
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
                        : insertImages(session, job)
                                .chain(() -> jobs.enqueue(session, new dev.graft.jobs.NewJob(job.id(), KIND, job.id())))
                                .replaceWith(true));
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

    /// Cancels a job within the caller's transaction, even one that is asked for only later.
    ///
    /// @return false when it had ended
    public Uni<Boolean> cancel(Mutiny.Session session, String id, String reason) {
        return session.createNativeQuery(JobSql.INSERT_CANCELLED)
                .setParameter("id", id)
                .setParameter("detail", reason)
                .executeUpdate()
                .chain(added -> added == 1 ? Uni.createFrom().item(true) : jobs.cancel(session, id, reason));
    }

    /// Cancels a job that is known.
    ///
    /// @return false when it had ended
    boolean cancel(String id, String reason) {
        return transactions.call(session -> jobs.cancel(session, id, reason));
    }

    /// Finds a job.
    public Optional<EmbeddingJob> find(String id) {
        return Optional.ofNullable(transactions.call(session -> session.find(EmbeddingJob.class, id)));
    }

    /// Gives the pictures that a request listed; empty when a manifest lists them.
    List<String> listedImageIds(String id) {
        return transactions.call(session -> session.createNativeQuery(
                        "select image_id from job_image where job_id = :id order by position", String.class)
                .setParameter("id", id)
                .getResultList());
    }

    /// Gives the first pictures of a job that have no embedding, with reasons.
    List<FailureView> failures(EmbeddingJob job, int limit) {
        Integer extractorId = job.extractorId;
        if (job.failed == 0 || extractorId == null) {
            return List.of();
        }
        List<Object[]> rows = transactions.call(session -> session.createNativeQuery("""
                        select f.image_id, f.reason, f.detail
                        from job_failure j join failure f on f.image_id = j.image_id
                        where j.job_id = :job and f.extractor_id = :extractor
                        order by f.image_id limit :limit""", Object[].class)
                .setParameter("job", job.id())
                .setParameter("extractor", extractorId)
                .setParameter("limit", limit)
                .getResultList());
        return rows.stream()
                .map(row -> new FailureView((String) row[0], (String) row[1], (String) row[2]))
                .toList();
    }

    /// Queues what some pictures of a job miss, and counts them.
    ///
    /// @param imageIds some thousand at most, each once
    Uni<Integer> plan(Mutiny.Session session, String id, KnownExtractor extractor, List<String> imageIds) {
        return ExtractorLock.exclusive(session, extractor.id())
                .chain(() -> PictureQueue.forgetMendable(session, extractor.id(), imageIds))
                .chain(() -> session.createNativeQuery(JobSql.PLAN)
                        .setParameter("job", id)
                        .setParameter("extractor", extractor.id())
                        .setParameter("images", imageIds.toArray(String[]::new))
                        .executeUpdate());
    }

    /// Begins to wait for the pictures of a job that is planned. When there is nothing to wait for, the job is woken
    /// again in the same transaction.
    Uni<Void> run(Mutiny.Session session, String id, KnownExtractor extractor) {
        return session.createNativeQuery(JobSql.RUN, Object[].class)
                .setParameter("job", id)
                .setParameter("extractor", extractor.id())
                .getSingleResult()
                .call(() -> session.createNativeQuery(JobSql.TAKE_TURNS)
                        .setParameter("job", id)
                        .executeUpdate())
                .call(row -> outbox.append(
                        session, advanced(row, extractor.digest(), EmbeddingJobAdvanced.State.RUNNING, null, null)))
                .chain(row -> wakeIfSettled(session, id, (Boolean) row[5]));
    }

    /// Waits on, or has the job taken up again when it waits for nothing more.
    Uni<Void> waitOn(Mutiny.Session session, String id) {
        return session.createNativeQuery(
                        "select cached + computed + failed = total from job where id = :job for update", Boolean.class)
                .setParameter("job", id)
                .getSingleResult()
                .chain(settled -> wakeIfSettled(session, id, settled));
    }

    private Uni<Void> wakeIfSettled(Mutiny.Session session, String id, boolean settled) {
        return settled ? jobs.wake(session, id) : Uni.createFrom().voidItem();
    }

    /// Has every job taken up again that waits for nothing more. Each commit does so by itself for the jobs that it
    /// settles; this is for whatever nobody foresaw.
    void wakeSettled() {
        List<String> settled = transactions.call(session ->
                session.createNativeQuery(JobSql.SETTLED, String.class).getResultList());
        for (String id : settled) {
            transactions.call(session -> jobs.wake(session, id));
        }
    }

    /// Tells how far each running job has come, where it has moved since it was told last.
    void announceProgress() {
        boolean moved = transactions.call(session ->
                session.createNativeQuery(JobSql.IS_MOVED, Boolean.class).getSingleResult());
        if (!moved) {
            return;
        }
        transactions.call(session -> session.createNativeQuery(JobSql.ANNOUNCE, Object[].class)
                .setParameter("millis", config.tick().toMillis() * 4 / 5)
                .getResultList()
                .chain(rows -> outbox.append(
                        session,
                        rows.stream()
                                .map(row -> advanced(row, row[5], EmbeddingJobAdvanced.State.RUNNING, null, null))
                                .toList())));
    }

    /// Ends a job whose every picture is settled.
    Uni<Void> complete(Mutiny.Session session, String id, String indexKey) {
        return end(session, id, JobState.COMPLETED, EmbeddingJobAdvanced.State.COMPLETED, indexKey, null);
    }

    /// Ends a job that cannot be met.
    Uni<Void> fail(Mutiny.Session session, String id, String detail) {
        return end(session, id, JobState.FAILED, EmbeddingJobAdvanced.State.FAILED, null, detail)
                .chain(() -> forget(session, id));
    }

    /// Ends a job that nobody wants any more. To those who follow its events it failed, for this reason.
    Uni<Void> cancelled(Mutiny.Session session, String id, String reason) {
        return end(session, id, JobState.CANCELLED, EmbeddingJobAdvanced.State.FAILED, null, reason)
                .chain(() -> forget(session, id));
    }

    private Uni<Void> end(
            Mutiny.Session session,
            String id,
            JobState state,
            EmbeddingJobAdvanced.State told,
            @Nullable String indexKey,
            @Nullable String detail) {
        return session.createNativeQuery(JobSql.END, Object[].class)
                .setParameter("state", state.name())
                .setParameter("index", indexKey)
                .setParameter("detail", detail)
                .setParameter("job", id)
                .getResultList()
                .call(() -> session.createNativeQuery(JobSql.LEAVE_TURNS)
                        .setParameter("job", id)
                        .executeUpdate())
                .chain(rows -> rows.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : outbox.append(
                                session, advanced(rows.getFirst(), rows.getFirst()[5], told, indexKey, detail)));
    }

    /// Has what a job waited for removed, as a job of its own: there may be many pictures.
    private Uni<Void> forget(Mutiny.Session session, String id) {
        return jobs.enqueue(session, new dev.graft.jobs.NewJob(FORGETTING + "-" + id, FORGETTING, id))
                .replaceWithVoid();
    }

    /// Forgets some of what a job waited for that has ended.
    ///
    /// @return how many pictures; 0 when nothing is left
    Uni<Long> forgetSome(Mutiny.Session session, String id, Integer extractorId, int limit) {
        return ExtractorLock.exclusive(session, extractorId)
                .chain(() -> session.createNativeQuery(JobSql.FORGET_MISSING, Long.class)
                        .setParameter("job", id)
                        .setParameter("limit", limit)
                        .getSingleResult());
    }

    private static EmbeddingJobAdvanced advanced(
            Object[] row,
            @Nullable Object digest,
            EmbeddingJobAdvanced.State state,
            @Nullable String indexKey,
            @Nullable String detail) {
        return new EmbeddingJobAdvanced(
                (String) row[0],
                state,
                ((Number) row[1]).longValue(),
                ((Number) row[2]).longValue(),
                ((Number) row[3]).longValue(),
                ((Number) row[4]).longValue(),
                (String) digest,
                indexKey,
                detail);
    }
}
