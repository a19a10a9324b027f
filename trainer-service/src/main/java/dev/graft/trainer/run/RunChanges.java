package dev.graft.trainer.run;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.TrainingFinished;
import dev.graft.contracts.TrainingFinished.Outcome;
import dev.graft.contracts.TrainingProgressed;
import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.messaging.Outbox;
import dev.graft.problem.Problem;
import dev.graft.trainer.head.Advance;
import dev.graft.trainer.model.ModelVersions;
import dev.graft.trainer.model.NewVersion;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Changes runs, in the transactions of others: those of an attempt, which begin with the fence, and those of
/// the kit. What follows from a change is written in the same transaction: its event, and for the end of a run,
/// however it ends, the job that removes the outputs of its stages.
@ApplicationScoped
class RunChanges {
    private static final int PACES_MAX = 1000;
    private static final Duration PACE_KEPT = Duration.ofMinutes(10);

    private final TrainingRuns runs;
    private final StageOutputs outputs;
    private final ModelVersions versions;
    private final Outbox outbox;

    /// Of the runs whose images are being embedded; one that is forgotten is judged anew.
    private final Cache<String, Pace> paces = Caffeine.newBuilder()
            .maximumSize(PACES_MAX)
            .expireAfterAccess(PACE_KEPT)
            .build();

    RunChanges(TrainingRuns runs, StageOutputs outputs, ModelVersions versions, Outbox outbox) {
        this.runs = runs;
        this.outputs = outputs;
        this.versions = versions;
        this.outbox = outbox;
    }

    /// Notes how far the embeddings are; with their index, they are complete.
    Uni<Void> embedding(Mutiny.Session session, EmbeddingJobAdvanced job) {
        long done = job.cached() + job.computed() + job.failed();
        TrainingProgressed progress = paces.get(job.jobId(), _ -> new Pace(System::nanoTime))
                .progressed(job.jobId(), Phase.EMBEDDING, Advance.of(done, job.total()));
        return runs.embedding(session, job, progress)
                .chain(noted -> noted
                        ? outbox.append(session, progress)
                        : Uni.createFrom().voidItem());
    }

    /// Notes how far a run is.
    Uni<Void> advance(Mutiny.Session session, TrainingProgressed now) {
        return runs.advance(session, now).chain(() -> outbox.append(session, now));
    }

    /// Gives the number of the model version that the run will register; the same at every call.
    Uni<Integer> allocateVersion(Mutiny.Session session, TrainingRun run) {
        return versions.lock(session, run.model).chain(() -> runs.allocateVersion(session, run.id()));
    }

    /// Ends a run with the model version that came of it, registered and, where asked, promoted.
    Uni<Void> succeed(Mutiny.Session session, NewVersion version, TrainingRunView.Result result, boolean promote) {
        return runs.succeed(session, version.runId(), result)
                .chain(() -> versions.register(session, version, promote))
                .chain(() -> ended(
                        session,
                        new TrainingFinished(
                                version.runId(),
                                version.model(),
                                Outcome.SUCCEEDED,
                                version.version(),
                                result.testAccuracy(),
                                null)));
    }

    /// Ends a run that cannot succeed; a problem that was noted before stands, though the event says this one.
    Uni<Void> fail(Mutiny.Session session, String runId, Problem problem) {
        return runs.problem(session, runId, problem)
                .chain(() -> runs.end(session, runId, RunState.FAILED))
                .chain(run -> ended(session, withoutVersion(run, Outcome.FAILED, problem.detail())));
    }

    /// Ends a run that is not wanted any more. Its event also ends the embedding job that was begun for it.
    Uni<Void> cancel(Mutiny.Session session, String runId) {
        return runs.end(session, runId, RunState.CANCELLED)
                .chain(run -> ended(session, withoutVersion(run, Outcome.CANCELLED, null)));
    }

    private static TrainingFinished withoutVersion(TrainingRun run, Outcome outcome, @Nullable String detail) {
        return new TrainingFinished(run.id(), run.model, outcome, null, null, detail);
    }

    private Uni<Void> ended(Mutiny.Session session, TrainingFinished end) {
        return outbox.append(session, end).chain(() -> outputs.removeLater(session, end.runId()));
    }
}
