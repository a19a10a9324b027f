package dev.graft.feature.job;

import dev.graft.events.Backoff;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.feature.embedding.EmbeddingsCommitted;
import dev.graft.feature.pipeline.PipelineMetrics;
import dev.graft.feature.queue.ImageQueue;
import dev.graft.threads.Signal;
import dev.graft.threads.SupervisedThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Publishes how far jobs have come, and takes the claims of lost workers back. One thread in each replica does this,
/// woken by the commits of its own process, which no scheduler could do, and after a tick for those of others.
@ApplicationScoped
class JobProgress {
    private static final Logger LOG = Logger.getLogger(JobProgress.class);
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(2);

    private final JobStore jobs;
    private final ImageQueue queue;
    private final PipelineMetrics metrics;
    private final EmbeddingConfig config;
    private final SupervisedThreads threads;
    private final Signal commits = new Signal();
    private long nextSweepNanos = System.nanoTime();
    private SupervisedThreads.@Nullable Supervised thread;

    JobProgress(
            JobStore jobs,
            ImageQueue queue,
            PipelineMetrics metrics,
            EmbeddingConfig config,
            SupervisedThreads threads) {
        this.jobs = jobs;
        this.queue = queue;
        this.metrics = metrics;
        this.config = config;
        this.threads = threads;
    }

    void start(@Observes StartupEvent event) {
        thread = threads.virtual("job-progress", this::run);
    }

    void onCommit(@Observes EmbeddingsCommitted committed) {
        commits.raise();
    }

    private void run() throws InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                jobs.publishProgress();
                sweep();
                backoff.reset();
                boolean unused = commits.await(config.tick());
            } catch (RuntimeException e) {
                LOG.warnf("Progress waits reason=%s", e);
                backoff.pause();
            }
        }
    }

    private void sweep() {
        if (System.nanoTime() >= nextSweepNanos) {
            queue.releaseExpired();
            jobs.wakeSettled();
            metrics.depth(queue.depth());
            nextSweepNanos = System.nanoTime() + SWEEP_INTERVAL.toNanos();
        }
    }

    void stop(@Observes @Priority(0) ShutdownEvent event) {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
