package dev.graft.feature.job;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.ExtractorLock;
import dev.graft.feature.queue.PendingImages;
import dev.graft.jobs.Jobs;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Keeps jobs, and publishes their progress. Who works on one is kept by the kit for durable work. Methods
/// that are given a session work in the caller's transaction; the others block and are safe for many threads
/// and replicas.
@ApplicationScoped
class JobStore {
    /// The kind of the jobs that look what is missing and write the index.
    static final String KIND = "embedding";

    /// The kind of the jobs that forget what a cancelled job waited for.
    static final String FORGETTING = "embedding-forgetting";

    private final Transactions transactions;
    private final EmbeddingJobs rows;
    private final PendingImages pending;
    private final Outbox outbox;
    private final Jobs jobs;
    private final EmbeddingConfig config;

    JobStore(
            Transactions transactions,
            EmbeddingJobs rows,
            PendingImages pending,
            Outbox outbox,
            Jobs jobs,
            EmbeddingConfig config) {
        this.transactions = transactions;
        this.rows = rows;
        this.pending = pending;
        this.outbox = outbox;
        this.jobs = jobs;
        this.config = config;
    }

    /// Keeps a request.
    ///
    /// @return false when its id is known already, and nothing was changed
    Uni<Boolean> accept(Mutiny.Session session, NewJob job) {
        return rows.insert(session, job)
                .call(added -> added
                        ? jobs.enqueue(session, new dev.graft.jobs.NewJob(job.id(), KIND, job.id()))
                        : Uni.createFrom().item(false));
    }

    /// Cancels a job, even one that is asked for only later.
    ///
    /// @return false when it had ended
    Uni<Boolean> cancel(Mutiny.Session session, String id, String reason) {
        return rows.insertCancelled(session, id, reason)
                .chain(added -> added ? Uni.createFrom().item(true) : jobs.cancel(session, id, reason));
    }

    /// Finds a job.
    Uni<Optional<EmbeddingJob>> find(Mutiny.Session session, String id) {
        return rows.find(session, id);
    }

    /// Finds a job.
    Optional<EmbeddingJob> find(String id) {
        return transactions.call(session -> rows.find(session, id));
    }

    /// Gives the images that a request listed; empty when a manifest lists them.
    List<String> listedImageIds(String id) {
        return transactions.call(session -> rows.listedImageIds(session, id));
    }

    /// Gives the first images of a job that have no embedding, with reasons.
    Uni<List<Failure>> failures(Mutiny.Session session, EmbeddingJob job, int limit) {
        Integer extractorId = job.extractorId;
        return job.failed == 0 || extractorId == null
                ? Uni.createFrom().item(List.of())
                : rows.failures(session, job.id(), extractorId, limit);
    }

    /// Queues what some images of a job miss, and counts them.
    ///
    /// @param imageIds some thousand at most, each once
    Uni<Integer> plan(Mutiny.Session session, String id, KnownExtractor extractor, List<String> imageIds) {
        return ExtractorLock.exclusive(session, extractor.id())
                .chain(() -> pending.forgetMendable(session, extractor.id(), imageIds))
                .chain(() -> rows.plan(session, id, extractor.id(), imageIds));
    }

    /// Begins to wait for the images of a job that is planned. When there is nothing to wait for, the job is woken
    /// again in the same transaction.
    Uni<Void> run(Mutiny.Session session, String id, KnownExtractor extractor) {
        return rows.begin(session, id, extractor.id())
                .call(counts -> outbox.append(session, counts.advanced(EmbeddingJobAdvanced.State.RUNNING, null, null)))
                .chain(counts -> wakeIf(session, id, counts.isSettled()));
    }

    /// Waits on, or has the job taken up again when it waits for nothing more.
    Uni<Void> waitOn(Mutiny.Session session, String id) {
        return rows.lock(session, id).chain(job -> wakeIf(session, id, job.isSettled()));
    }

    private Uni<Void> wakeIf(Mutiny.Session session, String id, boolean settled) {
        return settled ? jobs.wake(session, id) : Uni.createFrom().voidItem();
    }

    /// Has every job taken up again that waits for nothing more. Each commit does so by itself for the jobs that it
    /// settles; this is for whatever nobody foresaw.
    void wakeSettled() {
        for (String id : transactions.call(rows::settled)) {
            transactions.call(session -> jobs.wake(session, id));
        }
    }

    /// Publishes how far each running job has come, where it has moved since that was published last.
    void publishProgress() {
        if (transactions.call(rows::hasMoved)) {
            transactions.call(session -> rows.publish(
                            session, config.tick().multipliedBy(4).dividedBy(5))
                    .chain(moved -> outbox.append(
                            session,
                            moved.stream()
                                    .map(counts -> counts.advanced(EmbeddingJobAdvanced.State.RUNNING, null, null))
                                    .toList())));
        }
    }

    /// Ends a job whose every image is settled.
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
            EmbeddingJobAdvanced.State published,
            @Nullable String indexKey,
            @Nullable String detail) {
        return rows.end(session, id, state, indexKey, detail)
                .chain(ended -> ended.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : outbox.append(session, ended.get().advanced(published, indexKey, detail)));
    }

    /// Has what a job waited for removed, as a job of its own: there may be many images.
    private Uni<Void> forget(Mutiny.Session session, String id) {
        return jobs.enqueue(session, new dev.graft.jobs.NewJob(FORGETTING + "-" + id, FORGETTING, id))
                .replaceWithVoid();
    }

    /// Forgets some of what a job waited for that has ended.
    ///
    /// @return how many images; 0 when nothing is left
    Uni<Long> forgetSome(Mutiny.Session session, String id, int extractorId, int limit) {
        return ExtractorLock.exclusive(session, extractorId).chain(() -> rows.forgetMissing(session, id, limit));
    }
}
