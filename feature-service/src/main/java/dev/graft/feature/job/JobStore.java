package dev.graft.feature.job;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.Signal;
import dev.graft.feature.embedding.EmbeddingsCommitted;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.ExtractorLock;
import dev.graft.feature.queue.PictureQueue;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Keeps jobs, and tells by events how they come on. All methods block and are safe for many threads and replicas.
@ApplicationScoped
public class JobStore {
    private final Transactions transactions;
    private final Outbox outbox;
    private final EmbeddingConfig config;
    private final Signal changes = new Signal();

    /// Makes the store over the service's database.
    public JobStore(Transactions transactions, Outbox outbox, EmbeddingConfig config) {
        this.transactions = transactions;
        this.outbox = outbox;
        this.config = config;
    }

    /// Gives the signal that is raised when a job may have something to do in this process.
    public Signal changes() {
        return changes;
    }

    void onCommit(@Observes EmbeddingsCommitted committed) {
        changes.raise();
    }

    /// Keeps a request.
    ///
    /// @return false when its id is known already, and nothing was changed
    public boolean accept(NewJob job) {
        boolean added = transactions.call(session -> accept(session, job));
        changes.raise();
        return added;
    }

    /// Keeps a request within the caller's transaction. The caller raises [#changes] after the commit.
    ///
    /// @return false when its id is known already, and nothing was changed
    public Uni<Boolean> accept(Mutiny.Session session, NewJob job) {
        ExtractorChoice choice = job.choice();
        return session.createNativeQuery(JobSql.INSERT)
                .setParameter("id", job.id())
                .setParameter("manifest", job.manifestKey())
                .setParameter("images", job.imageIds().isEmpty() ? null : String.join(",", job.imageIds()))
                .setParameter("backbone", choice.backbone())
                .setParameter("layer", choice.layer())
                .setParameter("size", choice.inputSizePixels())
                .setParameter("precision", choice.precision().name())
                .executeUpdate()
                .map(rows -> rows == 1);
    }

    /// Finds a job.
    public Optional<EmbeddingJob> find(String id) {
        return Optional.ofNullable(transactions.call(session -> session.find(EmbeddingJob.class, id)));
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

    /// Looks what there is to do.
    Agenda agenda() {
        Object[] row = transactions.call(session ->
                session.createNativeQuery(JobSql.AGENDA, Object[].class).getSingleResult());
        return new Agenda((Boolean) row[0], (Boolean) row[1], (Boolean) row[2]);
    }

    /// Leases the oldest job that is not planned yet.
    Optional<LeasedJob> leaseQueued() {
        return lease(JobSql.LEASE_QUEUED);
    }

    /// Leases a job that waits for nothing more.
    Optional<LeasedJob> leaseSettled() {
        return lease(JobSql.LEASE_SETTLED);
    }

    private Optional<LeasedJob> lease(String sql) {
        UUID lease = UUID.randomUUID();
        EmbeddingJob job = transactions.call(session -> session.createNativeQuery(sql, String.class)
                .setParameter("lease", lease.toString())
                .setParameter("millis", config.lease().toMillis())
                .getResultList()
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().nullItem()
                        : session.find(EmbeddingJob.class, ids.getFirst())));
        return Optional.ofNullable(job).map(leased -> new LeasedJob(leased, lease));
    }

    /// Prolongs leases by their full length from now.
    void renew(Collection<UUID> leases) {
        transactions.call(session -> session.createNativeQuery("""
                        update job set lease_expires_at = now() + :millis * interval '1 millisecond'
                        where lease_id = any(cast(string_to_array(:leases, ',') as uuid[]))""")
                .setParameter("millis", config.lease().toMillis())
                .setParameter("leases", leases.stream().map(UUID::toString).collect(Collectors.joining(",")))
                .executeUpdate());
    }

    /// Queues what a job misses, and begins to count.
    ///
    /// @param imageIds all pictures of the job, each once
    /// @return false when the lease was lost, and nothing was changed
    boolean plan(LeasedJob leased, KnownExtractor extractor, Collection<String> imageIds) {
        String images = String.join(",", imageIds);
        boolean planned = transactions.call(session -> ExtractorLock.exclusive(session, extractor.id())
                .chain(() -> holdsLease(session, leased))
                .chain(held -> held
                        ? plan(session, leased, extractor, images, imageIds.size())
                                .replaceWith(true)
                        : Uni.createFrom().item(false)));
        changes.raise();
        return planned;
    }

    private static Uni<Boolean> holdsLease(Mutiny.Session session, LeasedJob leased) {
        return session.createNativeQuery(
                        "select id from job where id = :job and lease_id = cast(:lease as uuid) for update",
                        String.class)
                .setParameter("job", leased.job().id())
                .setParameter("lease", leased.leaseId().toString())
                .getResultList()
                .map(rows -> !rows.isEmpty());
    }

    private Uni<Void> plan(
            Mutiny.Session session, LeasedJob leased, KnownExtractor extractor, String images, long total) {
        String id = leased.job().id();
        return PictureQueue.forgetMendable(session, extractor.id(), images)
                .chain(() -> session.createNativeQuery(JobSql.PLAN, Object[].class)
                        .setParameter("job", id)
                        .setParameter("extractor", extractor.id())
                        .setParameter("images", images)
                        .getSingleResult())
                .chain(counts -> {
                    long missing = ((Number) counts[0]).longValue();
                    long failed = ((Number) counts[1]).longValue();
                    long cached = total - missing - failed;
                    return session.createNativeQuery(JobSql.RUN)
                            .setParameter("job", id)
                            .setParameter("extractor", extractor.id())
                            .setParameter("total", total)
                            .setParameter("cached", cached)
                            .setParameter("failed", failed)
                            .executeUpdate()
                            .chain(() -> outbox.append(
                                    session,
                                    new EmbeddingJobAdvanced(
                                            id,
                                            EmbeddingJobAdvanced.State.RUNNING,
                                            total,
                                            cached,
                                            0,
                                            failed,
                                            extractor.digest(),
                                            null,
                                            null)));
                });
    }

    /// Tells how far each running job has come, where it has moved since it was told last.
    void announceProgress() {
        transactions.call(session -> session.createNativeQuery(JobSql.ANNOUNCE, Object[].class)
                .setParameter("millis", config.tick().toMillis() * 4 / 5)
                .getResultList()
                .chain(rows -> outbox.append(
                        session,
                        rows.stream()
                                .map(row -> advanced(row, EmbeddingJobAdvanced.State.RUNNING, null, null))
                                .toList())));
    }

    /// Ends a job whose every picture is settled.
    void complete(LeasedJob leased, String indexKey) {
        end(leased, EmbeddingJobAdvanced.State.COMPLETED, indexKey, null);
    }

    /// Ends a job that cannot be met.
    void fail(LeasedJob leased, String detail) {
        end(leased, EmbeddingJobAdvanced.State.FAILED, null, detail);
    }

    private void end(
            LeasedJob leased, EmbeddingJobAdvanced.State state, @Nullable String indexKey, @Nullable String detail) {
        transactions.call(session -> session.createNativeQuery(JobSql.END, Object[].class)
                .setParameter("state", state.name())
                .setParameter("index", indexKey)
                .setParameter("detail", detail)
                .setParameter("job", leased.job().id())
                .setParameter("lease", leased.leaseId().toString())
                .getResultList()
                .chain(rows -> rows.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : outbox.append(session, advanced(rows.getFirst(), state, indexKey, detail))));
    }

    private static EmbeddingJobAdvanced advanced(
            Object[] row, EmbeddingJobAdvanced.State state, @Nullable String indexKey, @Nullable String detail) {
        return new EmbeddingJobAdvanced(
                (String) row[0],
                state,
                ((Number) row[1]).longValue(),
                ((Number) row[2]).longValue(),
                ((Number) row[3]).longValue(),
                ((Number) row[4]).longValue(),
                (String) row[5],
                indexKey,
                detail);
    }
}
