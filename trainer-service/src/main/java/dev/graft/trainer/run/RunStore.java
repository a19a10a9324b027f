package dev.graft.trainer.run;

import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.Event;
import dev.graft.contracts.TrainingRequested;
import dev.graft.jobs.Jobs;
import dev.graft.jobs.NewJob;
import dev.graft.jobs.TooManyJobsException;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Keeps runs: accepts, finds, lists and cancels them. Each call is a transaction of its own, and blocks.
@ApplicationScoped
class RunStore {
    // Native, for the condition on the key.
    private static final String INSERT = """
            insert into training_run (id, idempotency_key, fingerprint, dataset, dataset_version, manifest_key,
                manifest_digest, model, spec, state, total)
            values (:id, cast(:key as text), :fingerprint, :dataset, :version, :manifestKey, :manifestDigest, :model,
                :spec, 'QUEUED', :total)
            on conflict (idempotency_key) do nothing""";

    private final Transactions transactions;
    private final Outbox outbox;
    private final Jobs jobs;

    RunStore(Transactions transactions, Outbox outbox, Jobs jobs) {
        this.transactions = transactions;
        this.outbox = outbox;
        this.jobs = jobs;
    }

    /// Keeps a run and asks for its embeddings. Its job waits for them. Those who train on different datasets take
    /// turns, however many runs each has.
    ///
    /// @return false when a run with its idempotency key is kept already, and nothing was changed
    /// @throws TooManyJobsException when as many runs as may be are open
    boolean accept(NewRun run) {
        return transactions.call(session -> session.createNativeQuery(INSERT)
                .setParameter("id", run.id())
                .setParameter("key", run.idempotencyKey())
                .setParameter("fingerprint", run.fingerprint())
                .setParameter("dataset", run.dataset().dataset())
                .setParameter("version", run.dataset().version())
                .setParameter("manifestKey", run.dataset().manifestKey())
                .setParameter("manifestDigest", run.dataset().manifestDigest())
                .setParameter("model", run.model())
                .setParameter("spec", TrainingRun.write(run.spec()))
                .setParameter("total", run.dataset().images())
                .executeUpdate()
                .chain(rows -> rows == 0
                        ? Uni.createFrom().item(false)
                        : jobs.enqueue(session, job(run)).call(() -> outbox.append(session, requests(run)))));
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
    Optional<TrainingRun> find(String id) {
        return Optional.ofNullable(transactions.call(session -> session.find(TrainingRun.class, id)));
    }

    /// Finds the run that a request with this key began.
    Optional<TrainingRun> findByKey(String idempotencyKey) {
        return transactions.call(session -> session.createSelectionQuery(
                        "from TrainingRun where idempotencyKey = :key", TrainingRun.class)
                .setParameter("key", idempotencyKey)
                .getResultList()
                .map(found -> found.stream().findFirst()));
    }

    /// Lists runs, the newest first.
    List<TrainingRun> newest(int limit) {
        return transactions.call(session -> session.createSelectionQuery(
                        "from TrainingRun order by createdAt desc, id", TrainingRun.class)
                .setMaxResults(limit)
                .getResultList());
    }

    /// Ends a run, whoever works on it.
    ///
    /// @return false when it had ended
    boolean cancel(String id) {
        return transactions.call(session -> jobs.cancel(session, id, "The run was cancelled."));
    }
}
