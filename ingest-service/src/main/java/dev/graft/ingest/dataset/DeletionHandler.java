package dev.graft.ingest.dataset;

import dev.graft.ingest.IngestConfig;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.CleanupHandler;
import dev.graft.jobs.JobKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Removes what belonged to a deleted dataset, as a job. What is still to be done stands in the rows alone.
@ApplicationScoped
class DeletionHandler implements CleanupHandler {
    private static final Logger LOG = Logger.getLogger(DeletionHandler.class);

    private final Deletions deletions;
    private final JobKind kind;

    DeletionHandler(Deletions deletions, IngestConfig config) {
        this.deletions = deletions;
        this.kind = CleanupHandler.kind(
                Deletions.KIND, config.imports().lease(), config.imports().pollInterval());
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(Attempt attempt) {
        long datasetId = Deletions.datasetOf(attempt.jobId());
        boolean left = true;
        while (left) {
            left = attempt.advance(session -> deletions.advance(session, datasetId));
        }
    }

    @Override
    public Uni<Void> failed(Mutiny.Session session, String jobId, String reason) {
        LOG.errorf("Rows of a deleted dataset stay jobId=%s reason=%s", jobId, reason);
        return Uni.createFrom().voidItem();
    }
}
