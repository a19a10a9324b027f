package dev.graft.feature.job;

import dev.graft.feature.EmbeddingConfig;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.CleanupHandler;
import dev.graft.jobs.JobKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Removes what a job waited for that was cancelled or failed: its images leave the queue unless somebody else wants
/// them. In parts, because nobody can commit for the extractor while a part is removed.
@ApplicationScoped
class ForgettingHandler implements CleanupHandler {
    private static final Logger LOG = Logger.getLogger(ForgettingHandler.class);
    private static final int PER_PART = 2_000;

    private final JobStore jobs;
    private final JobKind kind;

    ForgettingHandler(JobStore jobs, EmbeddingConfig config) {
        this.jobs = jobs;
        this.kind = CleanupHandler.kind(JobStore.FORGETTING, config.lease(), Duration.ofSeconds(1));
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(Attempt attempt) {
        EmbeddingJob job = jobs.find(attempt.owner()).orElseThrow();
        Integer extractorId = job.extractorId;
        if (extractorId == null) {
            return; // It never asked for anything.
        }
        long forgotten;
        do {
            attempt.check();
            forgotten = Objects.requireNonNull(
                    attempt.advance(session -> jobs.forgetSome(session, job.id(), extractorId, PER_PART)));
        } while (forgotten > 0);
    }

    @Override
    public Uni<Void> failed(Mutiny.Session session, String jobId, String reason) {
        LOG.errorf("Images that no job waits for stay queued jobId=%s reason=%s", jobId, reason);
        return Uni.createFrom().voidItem();
    }
}
