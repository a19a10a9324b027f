package dev.graft.trainer.run;

import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.Event;
import dev.graft.contracts.TrainingFinished;
import dev.graft.contracts.TrainingProgressed;
import dev.graft.contracts.TrainingRequested;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import dev.graft.problem.Problem;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.model.ModelVersions;
import dev.graft.trainer.model.NewVersion;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Keeps runs. Everything that changes a run tells so in the same transaction. Blocks.
@ApplicationScoped
public class RunStore {
    private static final String INSERT = """
            insert into training_run (id, idempotency_key, fingerprint, dataset, dataset_version, manifest_key,
                manifest_digest, model, spec, state, total)
            values (:id, cast(:key as text), :fingerprint, :dataset, :version, :manifestKey, :manifestDigest, :model,
                :spec, 'QUEUED', :total)
            on conflict (idempotency_key) do nothing""";

    private static final String CLAIM = """
            update training_run set lease_id = :lease,
                lease_expires_at = now() + :millis * interval '1 millisecond'
            where id = (
                select id from training_run
                where state in ('EMBEDDING', 'TRAINING', 'EVALUATING', 'PUBLISHING') and index_key is not null
                  and due_at <= now() and (lease_expires_at is null or lease_expires_at < now())
                order by created_at limit 1
                for update skip locked)
            returning id""";

    private static final String RENEW = """
            update training_run set lease_expires_at = now() + :millis * interval '1 millisecond'
            where id = :id and lease_id = :lease""";

    private static final String ADVANCE = """
            update training_run set state = :state, done = :done, total = :total,
                loss = cast(:loss as double precision), accuracy = cast(:accuracy as double precision)
            where id = :id and lease_id = :lease""";

    private static final String ALLOCATE = """
            update training_run set version = coalesce(version,
                (select coalesce(max(version), 0) + 1 from training_run where model = :model))
            where id = :id and lease_id = :lease returning version""";

    private static final String SUCCEED = """
            update training_run set state = 'SUCCEEDED', result = :result, finished_at = now(),
                lease_id = null, lease_expires_at = null
            where id = :id and lease_id = :lease""";

    private static final String FAIL = """
            update training_run set state = 'FAILED', problem = :problem, finished_at = now(),
                lease_id = null, lease_expires_at = null
            where id = :id and lease_id = :lease""";

    private static final String RELEASE = """
            update training_run set failures = failures + :failures, lease_id = null, lease_expires_at = null,
                due_at = now() + :millis * interval '1 millisecond'
            where id = :id and lease_id = :lease""";

    private static final String CANCEL = """
            update training_run set state = 'CANCELLED', finished_at = now(), lease_id = null, lease_expires_at = null
            where id = :id and state not in ('SUCCEEDED', 'FAILED', 'CANCELLED')""";

    private final Transactions transactions;
    private final Outbox outbox;
    private final ModelVersions versions;
    private final TrainerConfig config;

    RunStore(Transactions transactions, Outbox outbox, ModelVersions versions, TrainerConfig config) {
        this.transactions = transactions;
        this.outbox = outbox;
        this.versions = versions;
        this.config = config;
    }

    /// Keeps a run and asks for its embeddings.
    ///
    /// @return false when a run with its idempotency key is kept already, and nothing was changed
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
                        : outbox.append(session, requests(run)).replaceWith(true)));
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

    /// Leases the oldest run that somebody must work on.
    Optional<LeasedRun> claim() {
        String lease = UUID.randomUUID().toString();
        TrainingRun run = transactions.call(session -> session.createNativeQuery(CLAIM, String.class)
                .setParameter("lease", lease)
                .setParameter("millis", config.lease().toMillis())
                .getResultList()
                .chain(ids ->
                        ids.isEmpty() ? Uni.createFrom().nullItem() : session.find(TrainingRun.class, ids.getFirst())));
        return Optional.ofNullable(run).map(claimed -> new LeasedRun(claimed, lease));
    }

    /// Prolongs a lease by its full length from now.
    ///
    /// @return false when it is lost
    boolean renew(LeasedRun leased) {
        return transactions.call(session -> fenced(session, RENEW, leased)
                        .setParameter("millis", config.lease().toMillis())
                        .executeUpdate())
                == 1;
    }

    /// Says how far a run is.
    ///
    /// @throws LeaseLostException when it is not this process's any more
    void advance(
            LeasedRun leased,
            TrainingProgressed.Phase phase,
            long done,
            long total,
            @Nullable Double loss,
            @Nullable Double accuracy) {
        transactions.call(session -> fenced(session, ADVANCE, leased)
                .setParameter("state", phase.name())
                .setParameter("done", done)
                .setParameter("total", total)
                .setParameter("loss", loss)
                .setParameter("accuracy", accuracy)
                .executeUpdate()
                .invoke(rows -> requireLease(leased, rows))
                .chain(() -> outbox.append(
                        session, new TrainingProgressed(leased.id(), phase, done, total, loss, accuracy))));
    }

    /// Gives the number of the model version that the run will register; the same at every call.
    ///
    /// @throws LeaseLostException when it is not this process's any more
    int allocateVersion(LeasedRun leased) {
        return transactions.call(session -> versions.lock(session, leased.run().model)
                .chain(() -> session.createNativeQuery(ALLOCATE, Integer.class)
                        .setParameter("id", leased.id())
                        .setParameter("lease", leased.leaseId())
                        .setParameter("model", leased.run().model)
                        .getResultList())
                .invoke(allocated -> requireLease(leased, allocated.size()))
                .map(List::getFirst));
    }

    /// Ends a run with the model version that came of it, registered and, where asked, promoted.
    ///
    /// @throws LeaseLostException when it is not this process's any more
    void succeed(LeasedRun leased, NewVersion version, TrainingRunView.Result result, boolean promote) {
        transactions.call(session -> fenced(session, SUCCEED, leased)
                .setParameter("result", TrainingRun.write(result))
                .executeUpdate()
                .invoke(rows -> requireLease(leased, rows))
                .chain(() -> versions.register(session, version, promote))
                .chain(() -> outbox.append(
                        session,
                        new TrainingFinished(
                                leased.id(),
                                version.model(),
                                TrainingFinished.Outcome.SUCCEEDED,
                                version.version(),
                                result.testAccuracy(),
                                null))));
    }

    /// Ends a run that cannot succeed.
    void fail(LeasedRun leased, Problem problem) {
        transactions.call(session -> fenced(session, FAIL, leased)
                .setParameter("problem", TrainingRun.write(problem))
                .executeUpdate()
                .chain(rows -> rows == 0
                        ? Uni.createFrom().voidItem()
                        : outbox.append(session, failed(leased.id(), leased.run().model, problem))));
    }

    static TrainingFinished failed(String runId, String model, Problem problem) {
        return new TrainingFinished(runId, model, TrainingFinished.Outcome.FAILED, null, null, problem.detail());
    }

    /// Gives a run back, to be taken up again after a pause.
    ///
    /// @param failures how many more times it has failed
    void release(LeasedRun leased, int failures, Duration pause) {
        transactions.call(session -> fenced(session, RELEASE, leased)
                .setParameter("failures", failures)
                .setParameter("millis", pause.toMillis())
                .executeUpdate());
    }

    /// Ends a run, whoever works on it.
    ///
    /// @return false when it had ended
    boolean cancel(TrainingRun run) {
        return transactions.call(session -> session.createNativeQuery(CANCEL)
                .setParameter("id", run.id())
                .executeUpdate()
                .chain(rows -> rows == 0
                        ? Uni.createFrom().item(false)
                        : outbox.append(
                                        session,
                                        new TrainingFinished(
                                                run.id(),
                                                run.model,
                                                TrainingFinished.Outcome.CANCELLED,
                                                null,
                                                null,
                                                null))
                                .replaceWith(true)));
    }

    private static Mutiny.MutationQuery fenced(Mutiny.Session session, String statement, LeasedRun leased) {
        return session.createNativeQuery(statement)
                .setParameter("id", leased.id())
                .setParameter("lease", leased.leaseId());
    }

    private static void requireLease(LeasedRun leased, int rows) {
        if (rows == 0) {
            throw new LeaseLostException(leased.id());
        }
    }
}
