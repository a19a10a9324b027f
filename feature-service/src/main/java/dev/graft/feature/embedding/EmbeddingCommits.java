package dev.graft.feature.embedding;

import dev.graft.contracts.EmbeddingSegmentComputed;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.Claim;
import dev.graft.feature.queue.ExtractorLock;
import dev.graft.jobs.Jobs;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Makes the results of a claim durable, in one transaction: index rows, reasons of failures, the progress of every job
/// that waited, the event; and the pictures leave the queue.
///
/// The claim is the fence. Where its row is gone, somebody else has the pictures now, or they are committed
/// already, and nothing is changed.
@ApplicationScoped
public class EmbeddingCommits {
    private static final String INDEX = """
            insert into embedding (extractor_id, image_id, segment_id, row_number)
            select :extractor, line.image_id, cast(:segment as uuid), line.number - 1
            from unnest(cast(:images as text[])) with ordinality as line (image_id, number)""";

    private static final String COUNT_COMPUTED = """
            with settled as (
                delete from job_missing
                where extractor_id = :extractor and image_id = any(cast(:images as text[]))
                returning job_id
            ), counts as (
                select job_id, count(*) as pictures from settled group by job_id
            ), locked as (
                select id from job where id in (select job_id from counts) order by id for update
            )
            update job set computed = job.computed + counts.pictures
            from counts join locked on locked.id = counts.job_id where job.id = counts.job_id
            returning job.id, job.state = 'RUNNING' and job.cached + job.computed + job.failed = job.total""";

    private static final String COUNT_FAILED = """
            with settled as (
                delete from job_missing
                where extractor_id = :extractor and image_id = any(cast(:images as text[]))
                returning job_id, image_id
            ), noted as (
                insert into job_failure (job_id, image_id) select job_id, image_id from settled
            ), counts as (
                select job_id, count(*) as pictures from settled group by job_id
            ), locked as (
                select id from job where id in (select job_id from counts) order by id for update
            )
            update job set failed = job.failed + counts.pictures
            from counts join locked on locked.id = counts.job_id where job.id = counts.job_id
            returning job.id, job.state = 'RUNNING' and job.cached + job.computed + job.failed = job.total""";

    private final Transactions transactions;
    private final Outbox outbox;
    private final Jobs jobs;
    private final Event<EmbeddingsCommitted> committed;

    /// Makes commits into the service's database.
    public EmbeddingCommits(Transactions transactions, Outbox outbox, Jobs jobs, Event<EmbeddingsCommitted> committed) {
        this.transactions = transactions;
        this.outbox = outbox;
        this.jobs = jobs;
        this.committed = committed;
    }

    /// Commits what became of a claim's pictures. The segment's file must lie in the object store already.
    ///
    /// @param segment  the vectors; null when every picture failed
    /// @param failures the pictures without a vector
    /// @return false when the claim was lost, and nothing was changed
    public boolean commit(
            Claim claim,
            KnownExtractor extractor,
            @Nullable Segment segment,
            String objectKey,
            List<Failure> failures) {
        boolean done = transactions.call(session -> ExtractorLock.shared(session, extractor.id())
                .chain(() -> takeFence(session, claim))
                .chain(held -> held
                        ? record(session, claim, extractor, segment, objectKey, failures)
                                .replaceWith(true)
                        : Uni.createFrom().item(false)));
        if (done) {
            committed.fire(
                    new EmbeddingsCommitted(extractor.id(), claim.imageIds().size()));
        }
        return done;
    }

    private static Uni<Boolean> takeFence(Mutiny.Session session, Claim claim) {
        return session.createNativeQuery("delete from claim where id = cast(:claim as uuid)")
                .setParameter("claim", claim.id().toString())
                .executeUpdate()
                .map(rows -> rows == 1);
    }

    private Uni<Void> record(
            Mutiny.Session session,
            Claim claim,
            KnownExtractor extractor,
            @Nullable Segment segment,
            String objectKey,
            List<Failure> failures) {
        Uni<Void> work = session.createNativeQuery("delete from pending where claim_id = cast(:claim as uuid)")
                .setParameter("claim", claim.id().toString())
                .executeUpdate()
                .replaceWithVoid();
        for (Failure failure : failures) {
            work = work.chain(() -> insertFailure(session, extractor, failure));
        }
        if (!failures.isEmpty()) {
            List<String> images = failures.stream().map(Failure::imageId).toList();
            work = work.chain(() -> settle(session, extractor, COUNT_FAILED, images));
        }
        if (segment != null) {
            work = work.chain(() -> insertSegment(session, extractor, segment, objectKey))
                    .chain(() -> settle(session, extractor, COUNT_COMPUTED, segment.imageIds()))
                    .chain(() -> outbox.append(session, announcement(extractor, segment, objectKey)));
        }
        return work;
    }

    private static Uni<Void> insertFailure(Mutiny.Session session, KnownExtractor extractor, Failure failure) {
        return session.createNativeQuery("""
                        insert into failure (extractor_id, image_id, reason, detail)
                        values (:extractor, :image, :reason, :detail)
                        on conflict (extractor_id, image_id) do nothing""")
                .setParameter("extractor", extractor.id())
                .setParameter("image", failure.imageId())
                .setParameter("reason", failure.reason().name())
                .setParameter("detail", failure.detail())
                .executeUpdate()
                .replaceWithVoid();
    }

    private static Uni<Void> insertSegment(
            Mutiny.Session session, KnownExtractor extractor, Segment segment, String objectKey) {
        return session.createNativeQuery("""
                        insert into segment (id, extractor_id, object_key, pictures)
                        values (cast(:segment as uuid), :extractor, :key, :pictures)""")
                .setParameter("segment", segment.id().toString())
                .setParameter("extractor", extractor.id())
                .setParameter("key", objectKey)
                .setParameter("pictures", segment.imageIds().size())
                .executeUpdate()
                .chain(() -> session.createNativeQuery(INDEX)
                        .setParameter("extractor", extractor.id())
                        .setParameter("segment", segment.id().toString())
                        .setParameter("images", segment.imageIds().toArray(String[]::new))
                        .executeUpdate())
                .replaceWithVoid();
    }

    /// Counts for the jobs that waited. One that waits for nothing more is taken up again, to be completed.
    private Uni<Void> settle(Mutiny.Session session, KnownExtractor extractor, String statement, List<String> images) {
        return session.createNativeQuery(statement, Object[].class)
                .setParameter("extractor", extractor.id())
                .setParameter("images", images.toArray(String[]::new))
                .getResultList()
                .chain(counted -> Multi.createFrom()
                        .iterable(counted)
                        .filter(job -> (Boolean) job[1])
                        .onItem()
                        .transformToUniAndConcatenate(job -> jobs.wake(session, (String) job[0]))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    private static EmbeddingSegmentComputed announcement(KnownExtractor extractor, Segment segment, String objectKey) {
        return new EmbeddingSegmentComputed(
                segment.id().toString(),
                extractor.digest(),
                extractor.backbone(),
                extractor.layer(),
                objectKey,
                segment.dimension(),
                segment.imageIds());
    }
}
