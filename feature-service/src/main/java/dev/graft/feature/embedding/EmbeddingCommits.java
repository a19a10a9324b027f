package dev.graft.feature.embedding;

import dev.graft.contracts.EmbeddingSegmentComputed;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.Claim;
import dev.graft.feature.queue.ExtractorLock;
import dev.graft.feature.queue.PendingImages;
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
/// that waited, the event; and the images leave the queue.
///
/// The claim is the fence. Where its row is gone, somebody else has the images now, or they are committed
/// already, and nothing is changed.
@ApplicationScoped
public class EmbeddingCommits {
    /// Native because the images of all jobs are settled by one statement, which holds the jobs' rows in the
    /// order of their ids.
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

    /// Native as [#COUNT_COMPUTED] is.
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
    private final PendingImages pending;
    private final Embeddings embeddings;
    private final Outbox outbox;
    private final Jobs jobs;
    private final Event<EmbeddingsCommitted> committed;

    EmbeddingCommits(
            Transactions transactions,
            PendingImages pending,
            Embeddings embeddings,
            Outbox outbox,
            Jobs jobs,
            Event<EmbeddingsCommitted> committed) {
        this.transactions = transactions;
        this.pending = pending;
        this.embeddings = embeddings;
        this.outbox = outbox;
        this.jobs = jobs;
        this.committed = committed;
    }

    /// A job that waited for images which are settled now.
    ///
    /// @param complete whether it waits for nothing more
    private record Counted(String jobId, boolean complete) {}

    /// Commits what became of a claim's images. The segment's file must lie in the object store already.
    ///
    /// @param segment  the vectors; null when every image failed
    /// @param failures the images without a vector
    /// @return false when the claim was lost, and nothing was changed
    public boolean commit(
            Claim claim,
            KnownExtractor extractor,
            @Nullable Segment segment,
            String objectKey,
            List<Failure> failures) {
        boolean done = transactions.call(session -> ExtractorLock.shared(session, extractor.id())
                .chain(() -> pending.settle(session, claim))
                .call(held -> held
                        ? record(session, extractor, segment, objectKey, failures)
                        : Uni.createFrom().voidItem()));
        if (done) {
            committed.fire(
                    new EmbeddingsCommitted(extractor.id(), claim.imageIds().size()));
        }
        return done;
    }

    private Uni<Void> record(
            Mutiny.Session session,
            KnownExtractor extractor,
            @Nullable Segment segment,
            String objectKey,
            List<Failure> failures) {
        Uni<Void> work = Uni.createFrom().voidItem();
        if (!failures.isEmpty()) {
            List<String> images = failures.stream().map(Failure::imageId).toList();
            work = work.chain(() -> embeddings.insertFailures(session, extractor.id(), failures))
                    .chain(() -> count(session, extractor, COUNT_FAILED, images));
        }
        if (segment != null) {
            work = work.chain(() -> embeddings.insert(session, extractor.id(), segment, objectKey))
                    .chain(() -> count(session, extractor, COUNT_COMPUTED, segment.imageIds()))
                    .chain(() -> outbox.append(session, computed(extractor, segment, objectKey)));
        }
        return work;
    }

    /// Counts for the jobs that waited. One that waits for nothing more is taken up again, to be completed.
    private Uni<Void> count(Mutiny.Session session, KnownExtractor extractor, String statement, List<String> images) {
        return session.createNativeQuery(statement, Object[].class)
                .setParameter("extractor", extractor.id())
                .setParameter("images", images.toArray(String[]::new))
                .getResultList()
                .chain(counted -> Multi.createFrom()
                        .iterable(counted)
                        .map(row -> new Counted((String) row[0], (Boolean) row[1]))
                        .filter(Counted::complete)
                        .onItem()
                        .transformToUniAndConcatenate(job -> jobs.wake(session, job.jobId()))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    private static EmbeddingSegmentComputed computed(KnownExtractor extractor, Segment segment, String objectKey) {
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
