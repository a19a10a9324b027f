package dev.graft.feature.job;

import dev.graft.feature.Backoff;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.LeaseKeeper;
import dev.graft.feature.extractor.ExtractorPool;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.pipeline.PipelineMetrics;
import dev.graft.feature.queue.PictureQueue;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Moves jobs on: plans new ones, tells their progress, completes those whose every picture is settled; and takes the
/// claims of lost workers back. One thread in each replica does all of this, woken at once by what happens in its own
/// process and after a tick for what happens elsewhere.
@ApplicationScoped
public class JobRunner {
    private static final Logger LOG = Logger.getLogger(JobRunner.class);

    /// How often lost workers are looked for and the queue is counted.
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(2);

    private final JobStore jobs;
    private final JobPictures pictures;
    private final JobIndex index;
    private final Extractors extractors;
    private final ExtractorPool pool;
    private final PictureQueue queue;
    private final PipelineMetrics metrics;
    private final EmbeddingConfig config;
    private long nextSweepNanos = System.nanoTime();
    private volatile boolean stopping;
    private @Nullable Thread thread;
    private @Nullable LeaseKeeper keeper;

    JobRunner(
            JobStore jobs,
            JobPictures pictures,
            JobIndex index,
            Extractors extractors,
            ExtractorPool pool,
            PictureQueue queue,
            PipelineMetrics metrics,
            EmbeddingConfig config) {
        this.jobs = jobs;
        this.pictures = pictures;
        this.index = index;
        this.extractors = extractors;
        this.pool = pool;
        this.queue = queue;
        this.metrics = metrics;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        keeper = new LeaseKeeper("job-keeper", jobs::renew, config.lease());
        thread = Thread.ofVirtual().name("job-runner").start(this::run);
    }

    private void run() {
        Backoff backoff = new Backoff();
        try {
            while (!stopping) {
                try {
                    turn();
                    backoff.reset();
                    jobs.changes().await(config.tick());
                } catch (RuntimeException e) {
                    LOG.warnf("Jobs wait reason=%s", e);
                    backoff.pause();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Job runner ends");
        }
    }

    private void turn() {
        Agenda agenda = jobs.agenda();
        if (agenda.queued()) {
            each(jobs::leaseQueued, this::plan);
        }
        if (agenda.moved()) {
            jobs.announceProgress();
        }
        if (agenda.settled()) {
            each(jobs::leaseSettled, this::complete);
        }
        if (System.nanoTime() >= nextSweepNanos) {
            queue.releaseExpired();
            metrics.depth(queue.depth());
            nextSweepNanos = System.nanoTime() + SWEEP_INTERVAL.toNanos();
        }
    }

    private void each(Supplier<Optional<LeasedJob>> next, Consumer<LeasedJob> work) {
        for (Optional<LeasedJob> leased = next.get(); leased.isPresent() && !stopping; leased = next.get()) {
            LeaseKeeper leases = keeper;
            if (leases != null) {
                leases.keep(leased.get().leaseId());
            }
            try {
                work.accept(leased.get());
            } catch (UnanswerableJobException e) {
                LOG.warnf("Job failed jobId=%s detail=%s", leased.get().job().id(), e.getMessage());
                jobs.fail(leased.get(), String.valueOf(e.getMessage()));
            } finally {
                if (leases != null) {
                    leases.drop(leased.get().leaseId());
                }
            }
        }
    }

    private void plan(LeasedJob leased) {
        KnownExtractor extractor = extractor(leased.job());
        SequencedSet<String> imageIds = pictures.of(leased.job());
        if (jobs.plan(leased, extractor, imageIds)) {
            LOG.infof(
                    "Planned embedding job jobId=%s backbone=%s pictures=%d",
                    leased.job().id(), extractor.backbone(), imageIds.size());
            queue.arrivals().raise();
        }
    }

    /// Finds the extractor, and loads its network already here, so that nothing is queued that cannot be computed.
    private KnownExtractor extractor(EmbeddingJob job) {
        try {
            KnownExtractor extractor = extractors.resolve(job.choice());
            pool.borrow(extractor).close();
            return extractor;
        } catch (ProblemException e) {
            if (e.problem().is(ProblemType.WEIGHTS_UNAVAILABLE)) {
                throw e;
            }
            throw new UnanswerableJobException(String.valueOf(e.getMessage()));
        }
    }

    private void complete(LeasedJob leased) {
        EmbeddingJob job = leased.job();
        if (job.extractorId == null) {
            throw new IllegalStateException("job " + job.id() + " runs without an extractor");
        }
        String key = index.write(job.id(), job.extractorId, pictures.of(job));
        jobs.complete(leased, key);
        LOG.infof(
                "Completed embedding job jobId=%s total=%d cached=%d computed=%d failed=%d",
                job.id(), job.total, job.cached, job.computed, job.failed);
    }

    void stop(@Observes @Priority(0) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        jobs.changes().raise();
        Thread running = thread;
        if (running != null && !running.join(config.drain())) {
            running.interrupt();
        }
        LeaseKeeper leases = keeper;
        if (leases != null) {
            leases.close();
        }
    }
}
