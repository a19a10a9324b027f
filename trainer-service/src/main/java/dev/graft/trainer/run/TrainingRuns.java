package dev.graft.trainer.run;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.TrainingProgressed;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/// The repository of training runs. Every method works in the caller's transaction.
///
/// A change is a statement of a few columns, some of them under a condition, and not a change of an entity: a
/// run that was read before does not show it, so that [#read] reads again.
@ApplicationScoped
class TrainingRuns {
    // Native, because a list reads another column for the result than a single run does: one without the matrix.
    private static final String NEWEST = """
            select id, idempotency_key, fingerprint, dataset, dataset_version, manifest_key, manifest_digest, model,
                spec, state, done, total, loss, accuracy, epoch, step, images_per_second, seconds_left,
                embeddings_total, embeddings_cached, embeddings_computed, embeddings_failed, extractor_digest, index_key, version, listed_result as result, problem, created_at,
                embedded_at, finished_at
            from training_run %s order by created_at desc, id""";

    // The first comparison is what an index can begin at.
    private static final String BEHIND = "where created_at <= :createdAt and (created_at < :createdAt or id > :id)";

    // Native, because the insert depends on the idempotency key: of two equal requests, one learns that it was
    // second.
    private static final String INSERT = """
            insert into training_run (id, idempotency_key, fingerprint, dataset, dataset_version, manifest_key,
                manifest_digest, model, spec, state, total)
            values (:id, cast(:key as text), :fingerprint, :dataset, :version, :manifestKey, :manifestDigest, :model,
                :spec, 'QUEUED', :total)
            on conflict (idempotency_key) do nothing""";

    private static final String EMBEDDING = """
            update TrainingRun r set r.state = :state, r.done = :done, r.total = :total, r.embeddingsTotal = :total,
                r.embeddingsCached = :cached, r.embeddingsComputed = :computed, r.embeddingsFailed = :failed,
                r.imagesPerSecond = :imagesPerSecond, r.secondsLeft = :secondsLeft
            where r.id = :id and r.indexKey is null and r.problem is null""";

    private static final String EMBEDDED = """
            update TrainingRun r set r.extractorDigest = :extractor, r.indexKey = :indexKey, r.embeddedAt = instant
            where r.id = :id""";

    private static final String PROBLEM =
            "update TrainingRun r set r.problem = coalesce(r.problem, :problem) where r.id = :id";

    private static final String ADVANCE = """
            update TrainingRun r set r.state = :state, r.done = :done, r.total = :total, r.loss = :loss,
                r.accuracy = :accuracy, r.epoch = :epoch, r.step = :step, r.imagesPerSecond = :imagesPerSecond,
                r.secondsLeft = :secondsLeft
            where r.id = :id""";

    private static final String NEXT_VERSION =
            "select coalesce(max(r.version), 0) + 1 from TrainingRun r where r.model = :model";

    private static final String NUMBER = "update TrainingRun r set r.version = :number where r.id = :id";

    private static final String SUCCEED = """
            update TrainingRun r set r.state = :state, r.result = :result, r.finishedAt = instant where r.id = :id""";

    private static final String END =
            "update TrainingRun r set r.state = :state, r.finishedAt = instant where r.id = :id";

    /// Keeps a run.
    ///
    /// @return false when a run with its idempotency key is kept already, and nothing was changed
    Uni<Boolean> insert(Mutiny.Session session, NewRun run) {
        return session.createNativeQuery(INSERT)
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
                .map(rows -> rows == 1);
    }

    /// Finds a run as it stands in this transaction, though it was read before.
    ///
    /// @return fails with [ProblemException] `TRAINING_RUN_NOT_FOUND`
    Uni<TrainingRun> find(Mutiny.Session session, String id) {
        return session.find(TrainingRun.class, id)
                .onItem()
                .ifNull()
                .failWith(() -> new ProblemException(
                        ProblemType.TRAINING_RUN_NOT_FOUND, "There is no training run %s.".formatted(id), "id"))
                .invoke(session::detach);
    }

    /// Reads the run of a job as it stands in this transaction, though it was read before.
    Uni<TrainingRun> read(Mutiny.Session session, String id) {
        return session.find(TrainingRun.class, id)
                .map(found -> Objects.requireNonNull(found, "a job of a run has the run's id"))
                .invoke(session::detach);
    }

    /// Finds the run that a request with this key began.
    Uni<Optional<TrainingRun>> findByKey(Mutiny.Session session, String idempotencyKey) {
        return session.createSelectionQuery("from TrainingRun r where r.idempotencyKey = :key", TrainingRun.class)
                .setParameter("key", idempotencyKey)
                .getResultList()
                .map(found -> found.stream().findFirst());
    }

    /// Lists runs, the newest first, without their confusion matrices.
    Uni<List<TrainingRun>> newest(Mutiny.Session session, int limit) {
        return session.createNativeQuery(NEWEST.formatted(""), TrainingRun.class)
                .setReadOnly(true)
                .setMaxResults(limit)
                .getResultList();
    }

    /// Lists the runs that stand behind another one in the list of all, the newest first, without their confusion
    /// matrices.
    Uni<List<TrainingRun>> newestAfter(Mutiny.Session session, TrainingRun other, int limit) {
        return session.createNativeQuery(NEWEST.formatted(BEHIND), TrainingRun.class)
                .setReadOnly(true)
                .setParameter("createdAt", other.createdAt)
                .setParameter("id", other.id)
                .setMaxResults(limit)
                .getResultList();
    }

    /// Notes how far the embeddings are; with their index, they are complete.
    ///
    /// @param now what the run says of it
    /// @return false when they were complete, or given up, before, and nothing was changed
    Uni<Boolean> embedding(Mutiny.Session session, EmbeddingJobAdvanced job, TrainingProgressed now) {
        Uni<Boolean> noted = session.createMutationQuery(EMBEDDING)
                .setParameter("id", job.jobId())
                .setParameter("state", RunState.EMBEDDING)
                .setParameter("done", now.done())
                .setParameter("total", now.total())
                .setParameter("cached", job.cached())
                .setParameter("computed", job.computed())
                .setParameter("failed", job.failed())
                .setParameter("imagesPerSecond", now.imagesPerSecond())
                .setParameter("secondsLeft", now.secondsLeft())
                .executeUpdate()
                .map(rows -> rows == 1);
        return job.indexKey() == null
                ? noted
                : noted.call(fresh ->
                        fresh ? embedded(session, job) : Uni.createFrom().voidItem());
    }

    private static Uni<Integer> embedded(Mutiny.Session session, EmbeddingJobAdvanced job) {
        return session.createMutationQuery(EMBEDDED)
                .setParameter("id", job.jobId())
                .setParameter("extractor", job.extractorDigest())
                .setParameter("indexKey", job.indexKey())
                .executeUpdate();
    }

    /// Notes why a run will fail; the first reason stands.
    Uni<Void> problem(Mutiny.Session session, String id, Problem problem) {
        return session.createMutationQuery(PROBLEM)
                .setParameter("id", id)
                .setParameter("problem", TrainingRun.write(problem))
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Notes how far a run is.
    Uni<Void> advance(Mutiny.Session session, TrainingProgressed now) {
        return session.createMutationQuery(ADVANCE)
                .setParameter("id", now.runId())
                .setParameter("state", RunState.valueOf(now.phase().name()))
                .setParameter("done", now.done())
                .setParameter("total", now.total())
                .setParameter("loss", now.loss())
                .setParameter("accuracy", now.accuracy())
                .setParameter("epoch", now.epoch())
                .setParameter("step", now.step())
                .setParameter("imagesPerSecond", now.imagesPerSecond())
                .setParameter("secondsLeft", now.secondsLeft())
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Gives the number of the model version that a run will register; the same at every call. The caller has
    /// locked the model.
    Uni<Integer> allocateVersion(Mutiny.Session session, String id) {
        return read(session, id).chain(run -> {
            Integer known = run.version;
            return known == null ? nextVersion(session, run) : Uni.createFrom().item(known);
        });
    }

    private static Uni<Integer> nextVersion(Mutiny.Session session, TrainingRun run) {
        return session.createSelectionQuery(NEXT_VERSION, Integer.class)
                .setParameter("model", run.model)
                .getSingleResult()
                .call(next -> session.createMutationQuery(NUMBER)
                        .setParameter("id", run.id())
                        .setParameter("number", next)
                        .executeUpdate());
    }

    /// Ends a run with its result.
    Uni<Void> succeed(Mutiny.Session session, String id, TrainingRunView.Result result) {
        return session.createMutationQuery(SUCCEED)
                .setParameter("id", id)
                .setParameter("state", RunState.SUCCEEDED)
                .setParameter("result", TrainingRun.write(result))
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Ends a run without a result.
    ///
    /// @return the run as it stands then
    Uni<TrainingRun> end(Mutiny.Session session, String id, RunState state) {
        return session.createMutationQuery(END)
                .setParameter("id", id)
                .setParameter("state", state)
                .executeUpdate()
                .chain(() -> read(session, id));
    }
}
