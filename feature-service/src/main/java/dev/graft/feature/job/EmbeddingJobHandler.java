package dev.graft.feature.job;

import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.extractor.ExtractorPool;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.JobFailedException;
import dev.graft.jobs.JobHandler;
import dev.graft.jobs.JobKind;
import dev.graft.jobs.TryLaterException;
import dev.graft.objectstore.ObjectStoreException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Plans embedding jobs, part by part, and completes those whose every image is settled. In between a job waits
/// without a worker; the commit that settles its last image wakes it.
@ApplicationScoped
class EmbeddingJobHandler implements JobHandler {
    private static final Logger LOG = Logger.getLogger(EmbeddingJobHandler.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

    private final JobStore jobs;
    private final JobImages images;
    private final JobIndex index;
    private final Extractors extractors;
    private final ExtractorPool pool;
    private final ImageQueue queue;
    private final JobKind kind;

    EmbeddingJobHandler(
            JobStore jobs,
            JobImages images,
            JobIndex index,
            Extractors extractors,
            ExtractorPool pool,
            ImageQueue queue,
            EmbeddingConfig config) {
        this.jobs = jobs;
        this.images = images;
        this.index = index;
        this.extractors = extractors;
        this.pool = pool;
        this.queue = queue;
        this.kind = new JobKind(JobStore.KIND, 2, config.lease(), Duration.ofSeconds(1));
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(Attempt attempt) throws IOException {
        EmbeddingJob job = jobs.find(attempt.jobId()).orElseThrow();
        try {
            if (job.state == JobState.QUEUED) {
                plan(attempt, job);
            } else if (job.isSettled()) {
                complete(attempt, job);
            } else {
                Void unused = attempt.park(session -> jobs.waitOn(session, job.id()));
            }
        } catch (UnanswerableJobException e) {
            throw new JobFailedException(String.valueOf(e.getMessage()));
        } catch (RuntimeException fault) {
            throw ObjectStoreException.isAway(fault) ? new TryLaterException(RETRY_PAUSE, fault) : fault;
        }
    }

    private void plan(Attempt attempt, EmbeddingJob job) {
        KnownExtractor extractor = extractor(job);
        images.forEachPart(job, job.planned, part -> {
            attempt.check();
            Integer unused = attempt.advance(session -> jobs.plan(session, job.id(), extractor, part));
        });
        Void unused = attempt.park(session -> jobs.run(session, job.id(), extractor));
        LOG.infof("Planned embedding job jobId=%s backbone=%s", job.id(), extractor.backbone());
        queue.arrived();
    }

    /// Finds the extractor, and loads its network already here, so that nothing is queued that cannot be computed.
    private KnownExtractor extractor(EmbeddingJob job) {
        try {
            KnownExtractor extractor = extractors.resolve(job.choice());
            pool.borrow(extractor).close();
            return extractor;
        } catch (ProblemException e) {
            if (e.problem().is(ProblemType.WEIGHTS_UNAVAILABLE)) {
                throw new TryLaterException(RETRY_PAUSE, e);
            }
            throw new UnanswerableJobException(String.valueOf(e.getMessage()));
        }
    }

    private void complete(Attempt attempt, EmbeddingJob job) throws IOException {
        if (job.extractorId == null) {
            throw new IllegalStateException("job " + job.id() + " runs without an extractor");
        }
        String key = index.write(job, job.extractorId, attempt::check);
        Void unused = attempt.succeed(session -> jobs.complete(session, job.id(), key));
        LOG.infof(
                "Completed embedding job jobId=%s total=%d cached=%d computed=%d failed=%d",
                job.id(), job.total, job.cached, job.computed, job.failed);
    }

    @Override
    public Uni<Void> failed(Mutiny.Session session, String jobId, String reason) {
        return jobs.fail(session, jobId, reason);
    }

    @Override
    public Uni<Void> cancelled(Mutiny.Session session, String jobId, String reason) {
        return jobs.cancelled(session, jobId, reason);
    }

    @Override
    public Uni<String> snapshot(Mutiny.Session session, String jobId) {
        // Native for json_build_object: the row becomes JSON where it is.
        return session.createNativeQuery("""
                        select cast(json_build_object('id', id, 'state', state, 'total', total, 'cached', cached,
                            'computed', computed, 'failed', failed) as text)
                        from job where id = :id""", String.class)
                .setParameter("id", jobId)
                .getSingleResult();
    }
}
