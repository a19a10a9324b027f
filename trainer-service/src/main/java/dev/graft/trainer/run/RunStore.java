package dev.graft.trainer.run;

import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.Event;
import dev.graft.contracts.TrainingRequested;
import dev.graft.jobs.Jobs;
import dev.graft.jobs.NewJob;
import dev.graft.jobs.TooManyJobsException;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Accepts, finds, lists and cancels runs, each in a transaction of its own.
@ApplicationScoped
class RunStore {
    private final Transactions transactions;
    private final TrainingRuns runs;
    private final Outbox outbox;
    private final Jobs jobs;

    RunStore(Transactions transactions, TrainingRuns runs, Outbox outbox, Jobs jobs) {
        this.transactions = transactions;
        this.runs = runs;
        this.outbox = outbox;
        this.jobs = jobs;
    }

    /// Keeps a run and asks for its embeddings. Its job waits for them. Those who train on different datasets
    /// take turns, however many runs each has. Blocks.
    ///
    /// @return false when a run with its idempotency key is kept already, and nothing was changed
    /// @throws TooManyJobsException when as many runs as may be are open
    boolean accept(NewRun run) {
        return transactions.call(session -> runs.insert(session, run)
                .call(kept -> kept
                        ? jobs.enqueue(session, job(run)).chain(() -> outbox.append(session, requests(run)))
                        : Uni.createFrom().voidItem()));
    }

    private static NewJob job(NewRun run) {
        return new NewJob(run.id(), RunHandler.KIND, run.dataset().dataset(), false);
    }

    private static List<Event> requests(NewRun run) {
        return List.of(
                new TrainingRequested(
                        run.id(),
                        run.model(),
                        run.dataset().dataset(),
                        run.dataset().version(),
                        run.spec().extractor(),
                        run.spec().head()),
                new EmbeddingsRequested(
                        run.id(), run.spec().extractor(), run.dataset().manifestKey()));
    }

    /// Finds a run.
    ///
    /// @return fails with [ProblemException] `TRAINING_RUN_NOT_FOUND`
    Uni<TrainingRun> find(String id) {
        return transactions.run(session -> runs.find(session, id));
    }

    /// Finds a run. Blocks.
    ///
    /// @throws ProblemException `TRAINING_RUN_NOT_FOUND`
    TrainingRun require(String id) {
        return transactions.call(session -> runs.find(session, id));
    }

    /// Finds the run that a request with this key began. Blocks.
    Optional<TrainingRun> findByKey(String idempotencyKey) {
        return transactions.call(session -> runs.findByKey(session, idempotencyKey));
    }

    /// Lists runs, the newest first.
    ///
    /// @param after the id of the run before the first; empty for the list's begin
    /// @return fails with [ProblemException] `TRAINING_RUN_NOT_FOUND` when that run is not known
    Uni<List<TrainingRun>> newest(String after, int limit) {
        return transactions.run(session -> after.isEmpty()
                ? runs.newest(session, limit)
                : runs.find(session, after)
                        .onFailure(ProblemException.class)
                        .transform(unknown -> new ProblemException(
                                ProblemType.TRAINING_RUN_NOT_FOUND,
                                "There is no training run %s.".formatted(after),
                                "after"))
                        .chain(other -> runs.newestAfter(session, other, limit)));
    }

    /// Ends a run, whichever process works on it. One that was cancelled before stays so.
    ///
    /// @return the run; fails with [ProblemException] `TRAINING_RUN_NOT_FOUND`, or `TRAINING_RUN_FINISHED` when
    ///     it had ended otherwise
    Uni<TrainingRun> cancel(String id) {
        return transactions.run(session -> runs.find(session, id)
                .chain(() -> jobs.cancel(session, id, "The run was cancelled."))
                .chain(() -> runs.find(session, id))
                .invoke(RunStore::requireCancelled));
    }

    private static void requireCancelled(TrainingRun run) {
        if (run.state != RunState.CANCELLED) {
            throw new ProblemException(
                    ProblemType.TRAINING_RUN_FINISHED, "The run is %s already.".formatted(run.state), "id");
        }
    }
}
