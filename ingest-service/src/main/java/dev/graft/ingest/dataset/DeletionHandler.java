package dev.graft.ingest.dataset;

import dev.graft.ingest.IngestConfig;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.JobHandler;
import dev.graft.jobs.JobKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Removes what belonged to a deleted dataset, as a job. What is still to be done stands in the rows alone.
@ApplicationScoped
class DeletionHandler implements JobHandler {
    private static final Logger LOG = Logger.getLogger(DeletionHandler.class);

    /// More than usual: nobody asks for a deletion again, and a busy database may end some statements.
    private static final int MAX_ATTEMPTS = 10;

    private final Deletions deletions;
    private final JobKind kind;

    DeletionHandler(Deletions deletions, IngestConfig config) {
        this.deletions = deletions;
        // As many as there are: a deletion must never be refused for want of room.
        this.kind = new JobKind(
                Deletions.KIND,
                1,
                config.imports().lease(),
                config.imports().pollInterval(),
                MAX_ATTEMPTS,
                Integer.MAX_VALUE);
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

    @Override
    public Uni<Void> cancelled(Mutiny.Session session, String jobId, String reason) {
        return Uni.createFrom().voidItem();
    }

    /// Nobody follows a deletion.
    @Override
    public Uni<String> snapshot(Mutiny.Session session, String jobId) {
        return Uni.createFrom().item("{}");
    }
}
