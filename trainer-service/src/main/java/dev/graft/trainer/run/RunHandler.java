package dev.graft.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.JobFailedException;
import dev.graft.jobs.JobHandler;
import dev.graft.jobs.JobKind;
import dev.graft.jobs.TryLaterException;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectRangeException;
import dev.graft.objectstore.ObjectStoreException;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.pytorch.training.DivergedException;
import dev.graft.pytorch.training.OutOfDeviceMemoryException;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.embedding.UnusableEmbeddingsException;
import dev.graft.trainer.finetune.UnusableImageException;
import dev.graft.trainer.head.NotFiniteException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Works on runs as jobs, one at a time in a process: a training uses all processors anyway, and memory stays
/// bounded.
///
/// A run's job waits until its embeddings are complete. What a fault means for a run is said here.
@ApplicationScoped
class RunHandler implements JobHandler {
    /// Names the kind.
    static final String KIND = "training-run";

    private static final Logger LOG = Logger.getLogger(RunHandler.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

    /// The status of problems that a service has which does not answer.
    private static final int AWAY = 503;

    private final RunExecution execution;
    private final TrainingRuns runs;
    private final RunChanges changes;
    private final RunMetrics metrics;
    private final ObjectMapper json;
    private final JobKind kind;

    RunHandler(
            RunExecution execution,
            TrainingRuns runs,
            RunChanges changes,
            RunMetrics metrics,
            ObjectMapper json,
            TrainerConfig config) {
        this.execution = execution;
        this.runs = runs;
        this.changes = changes;
        this.metrics = metrics;
        this.json = json;
        this.kind = new JobKind(KIND, config.workers(), config.lease(), config.poll());
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(Attempt attempt) {
        TrainingRun run = attempt.write(session -> runs.read(session, attempt.jobId()));
        Problem noted = run.problem();
        if (noted != null) {
            throw new JobFailedException(String.valueOf(noted.detail()));
        }
        try {
            execution.execute(attempt, run);
        } catch (ProblemException e) {
            throw refused(attempt, e);
        } catch (NotFiniteException e) {
            throw failed(
                    attempt,
                    Problem.of(
                            ProblemType.TRAINING_FAILED,
                            "No head came of the training: %s. A smaller learningRate or another optimizer may help."
                                    .formatted(e.getMessage())));
        } catch (DivergedException e) {
            throw failed(
                    attempt,
                    Problem.of(
                            ProblemType.TRAINING_FAILED,
                            "The fine-tuning diverged: %s. Choose a smaller learningRate.".formatted(e.getMessage()),
                            "/fineTuning/learningRate"));
        } catch (OutOfDeviceMemoryException e) {
            throw failed(
                    attempt,
                    Problem.of(
                            ProblemType.TRAINING_FAILED,
                            "The fine-tuning of one picture at a time needs more memory than is free: %s. Choose a smaller inputSize, name fewer stages in fineTune, or set fineTuning.mixedPrecision."
                                    .formatted(e.getMessage()),
                            "/inputSize"));
        } catch (UnusableEmbeddingsException
                | UnusableImageException
                | MalformedWeightsException
                | ObjectNotFoundException
                | ObjectRangeException
                | ObjectTooLargeException e) {
            LOG.errorf(e, "Run cannot go on runId=%s", run.id());
            throw failed(
                    attempt,
                    Problem.of(ProblemType.TRAINING_FAILED, "Stored data is damaged: %s".formatted(e.getMessage())));
        } catch (RuntimeException e) {
            throw ObjectStoreException.isAway(e) ? new TryLaterException(RETRY_PAUSE, e) : e;
        }
    }

    /// A run waits for a service that does not answer. What else goes wrong inside a service counts as an
    /// attempt, and what is refused is refused for good.
    private RuntimeException refused(Attempt attempt, ProblemException e) {
        int status = e.problem().status();
        if (status == AWAY) {
            return new TryLaterException(RETRY_PAUSE, e);
        }
        return status >= 500 ? e : failed(attempt, e.problem());
    }

    /// Notes the problem, whose type and pointer a reason alone would lose.
    private JobFailedException failed(Attempt attempt, Problem problem) {
        Void unused = attempt.write(session -> runs.problem(session, attempt.jobId(), problem));
        return new JobFailedException(String.valueOf(problem.detail()));
    }

    @Override
    public Uni<Void> failed(Mutiny.Session session, String jobId, String reason) {
        return changes.fail(session, jobId, Problem.of(ProblemType.TRAINING_FAILED, reason))
                .invoke(() -> metrics.ended(RunMetrics.Outcome.FAILED));
    }

    @Override
    public Uni<Void> cancelled(Mutiny.Session session, String jobId, String reason) {
        return changes.cancel(session, jobId).invoke(() -> metrics.ended(RunMetrics.Outcome.CANCELLED));
    }

    @Override
    public Uni<String> snapshot(Mutiny.Session session, String jobId) {
        return runs.read(session, jobId).map(run -> write(run.view()));
    }

    private String write(TrainingRunView view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a view cannot be written as JSON", impossible);
        }
    }
}
