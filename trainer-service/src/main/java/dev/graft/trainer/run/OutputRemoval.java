package dev.graft.trainer.run;

import dev.graft.jobs.Attempt;
import dev.graft.jobs.CleanupHandler;
import dev.graft.jobs.JobKind;
import dev.graft.jobs.NewJob;
import dev.graft.jobs.TryLaterException;
import dev.graft.objectstore.ObjectStoreException;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.model.ModelBundles;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Removes the outputs of the stages of runs that have ended, and the bundle of one that came to no version. It is a
/// job of its own, queued in the transaction that ends the run, so that neither an interrupt nor the death of a process
/// loses it. To remove twice does no harm.
@ApplicationScoped
class OutputRemoval implements CleanupHandler {
    private static final Logger LOG = Logger.getLogger(OutputRemoval.class);
    private static final String KIND = "stage-outputs-removal";
    private static final String OWNER = "training-runs";
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(10);

    private static final char SEPARATOR = '/';

    private final StageOutputs outputs;
    private final TrainingRuns runs;
    private final ModelBundles bundles;
    private final JobKind kind;

    OutputRemoval(StageOutputs outputs, TrainingRuns runs, ModelBundles bundles, TrainerConfig config) {
        this.outputs = outputs;
        this.runs = runs;
        this.bundles = bundles;
        this.kind = CleanupHandler.kind(KIND, config.lease(), config.poll());
    }

    /// Makes a job that removes the outputs of a run.
    ///
    /// @param token of the attempt that asks for it; 0 at the end of the run
    static NewJob job(String runId, long token) {
        return new NewJob("outputs-" + token + SEPARATOR + runId, KIND, OWNER);
    }

    private static String runOf(String jobId) {
        return jobId.substring(jobId.indexOf(SEPARATOR) + 1);
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(Attempt attempt) {
        String runId = runOf(attempt.jobId());
        try {
            List<StageOutput> found = attempt.write(session -> outputs.of(session, runId));
            found.forEach(outputs::remove);
            TrainingRun run = attempt.write(session -> runs.read(session, runId));
            Integer version = run.version;
            if (version != null && run.state != RunState.SUCCEEDED) {
                bundles.remove(run.model, version);
            }
            int removed = attempt.succeed(session -> outputs.forget(session, found));
            LOG.debugf("Outputs of stages removed runId=%s count=%d", runId, removed);
        } catch (RuntimeException e) {
            throw ObjectStoreException.isAway(e) ? new TryLaterException(RETRY_PAUSE, e) : e;
        }
    }

    @Override
    public Uni<Void> failed(Mutiny.Session session, String jobId, String reason) {
        LOG.errorf("Outputs of stages stay in object storage runId=%s reason=%s", runOf(jobId), reason);
        return Uni.createFrom().voidItem();
    }
}
