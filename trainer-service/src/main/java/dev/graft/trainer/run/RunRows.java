package dev.graft.trainer.run;

import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.TrainingFinished;
import dev.graft.contracts.TrainingProgressed;
import dev.graft.messaging.Outbox;
import dev.graft.problem.Problem;
import dev.graft.trainer.model.ModelVersions;
import dev.graft.trainer.model.NewVersion;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Changes runs, in the transactions of others: those of an attempt, which begin with the fence, and those of the kit.
/// What is to be announced of a change is appended to the outbox in the same transaction.
///
/// The statements are native because they change a few columns under a condition, without reading the row first.
@ApplicationScoped
class RunRows {
    private static final String EMBEDDED = """
            update training_run set state = 'EMBEDDING', done = :done, total = :total, embeddings_total = :total,
                embeddings_cached = :cached, embeddings_computed = :computed, embeddings_failed = :failed,
                extractor_digest = cast(:extractor as text), index_key = cast(:index as text),
                embedded_at = case when cast(:index as text) is null then null else now() end
            where id = :id and index_key is null and problem is null""";

    private static final String PROBLEM =
            "update training_run set problem = coalesce(problem, :problem) where id = :id";

    private static final String ADVANCE = """
            update training_run set state = :state, done = :done, total = :total,
                loss = cast(:loss as double precision), accuracy = cast(:accuracy as double precision)
            where id = :id""";

    private static final String FINISH_STAGE = """
            insert into training_stage (run_id, stage, object_key, sha256, seconds)
            values (:id, :stage, :key, :sha256, :seconds)
            on conflict (run_id, stage) do update set object_key = excluded.object_key, sha256 = excluded.sha256,
                seconds = excluded.seconds, finished_at = now()""";

    private static final String ALLOCATE = """
            update training_run set version = coalesce(version,
                (select coalesce(max(version), 0) + 1 from training_run where model = :model))
            where id = :id returning version""";

    private static final String SUCCEED =
            "update training_run set state = 'SUCCEEDED', result = :result, finished_at = now() where id = :id";

    private static final String FAIL = """
            update training_run set state = 'FAILED', problem = coalesce(problem, :problem), finished_at = now()
            where id = :id returning model""";

    private static final String CANCEL = """
            update training_run set state = 'CANCELLED', finished_at = now() where id = :id returning model""";

    private final Outbox outbox;
    private final ModelVersions versions;

    RunRows(Outbox outbox, ModelVersions versions) {
        this.outbox = outbox;
        this.versions = versions;
    }

    /// Notes how far the embeddings are; with their index, they are complete.
    Uni<Void> embedding(Mutiny.Session session, EmbeddingJobAdvanced job) {
        long done = job.cached() + job.computed() + job.failed();
        return session.createNativeQuery(EMBEDDED)
                .setParameter("done", done)
                .setParameter("total", job.total())
                .setParameter("cached", job.cached())
                .setParameter("computed", job.computed())
                .setParameter("failed", job.failed())
                .setParameter("extractor", job.extractorDigest())
                .setParameter("index", job.indexKey())
                .setParameter("id", job.jobId())
                .executeUpdate()
                .chain(rows -> rows == 0
                        ? Uni.createFrom().voidItem()
                        : outbox.append(
                                session,
                                new TrainingProgressed(
                                        job.jobId(),
                                        TrainingProgressed.Phase.EMBEDDING,
                                        done,
                                        job.total(),
                                        null,
                                        null)));
    }

    /// Notes why the run will fail; the first reason stands.
    Uni<Void> problem(Mutiny.Session session, String runId, Problem problem) {
        return session.createNativeQuery(PROBLEM)
                .setParameter("id", runId)
                .setParameter("problem", TrainingRun.write(problem))
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Notes how far a run is.
    Uni<Void> advance(Mutiny.Session session, TrainingProgressed now) {
        return session.createNativeQuery(ADVANCE)
                .setParameter("id", now.runId())
                .setParameter("state", now.phase().name())
                .setParameter("done", now.done())
                .setParameter("total", now.total())
                .setParameter("loss", now.loss())
                .setParameter("accuracy", now.accuracy())
                .executeUpdate()
                .chain(() -> outbox.append(session, now));
    }

    /// Notes that a stage is finished.
    Uni<Void> finish(Mutiny.Session session, String runId, StageOutput output) {
        return session.createNativeQuery(FINISH_STAGE)
                .setParameter("id", runId)
                .setParameter("stage", output.stage())
                .setParameter("key", output.objectKey())
                .setParameter("sha256", output.sha256())
                .setParameter("seconds", output.seconds())
                .executeUpdate()
                .replaceWithVoid();
    }

    /// Gives the number of the model version that the run will register; the same at every call.
    Uni<Integer> allocateVersion(Mutiny.Session session, TrainingRun run) {
        return versions.lock(session, run.model)
                .chain(() -> session.createNativeQuery(ALLOCATE, Integer.class)
                        .setParameter("id", run.id())
                        .setParameter("model", run.model)
                        .getSingleResult());
    }

    /// Ends a run with the model version that came of it, registered and, where asked, promoted.
    Uni<Void> succeed(Mutiny.Session session, NewVersion version, TrainingRunView.Result result, boolean promote) {
        return session.createNativeQuery(SUCCEED)
                .setParameter("id", version.runId())
                .setParameter("result", TrainingRun.write(result))
                .executeUpdate()
                .chain(() -> versions.register(session, version, promote))
                .chain(() -> outbox.append(
                        session,
                        new TrainingFinished(
                                version.runId(),
                                version.model(),
                                TrainingFinished.Outcome.SUCCEEDED,
                                version.version(),
                                result.testAccuracy(),
                                null)));
    }

    /// Ends a run that cannot succeed; a problem that was noted before stands.
    Uni<Void> fail(Mutiny.Session session, String runId, Problem problem) {
        return session.createNativeQuery(FAIL, String.class)
                .setParameter("id", runId)
                .setParameter("problem", TrainingRun.write(problem))
                .getSingleResult()
                .chain(model ->
                        outbox.append(session, ended(runId, model, TrainingFinished.Outcome.FAILED, problem.detail())));
    }

    /// Ends a run that is not wanted any more. Its event also ends the embedding job that was begun for it.
    Uni<Void> cancel(Mutiny.Session session, String runId) {
        return session.createNativeQuery(CANCEL, String.class)
                .setParameter("id", runId)
                .getSingleResult()
                .chain(model -> outbox.append(session, ended(runId, model, TrainingFinished.Outcome.CANCELLED, null)));
    }

    private static TrainingFinished ended(
            String runId, String model, TrainingFinished.Outcome outcome, @Nullable String detail) {
        return new TrainingFinished(runId, model, outcome, null, null, detail);
    }

    /// Reads a run as it stands in this transaction, though it was read before.
    Uni<TrainingRun> read(Mutiny.Session session, String runId) {
        return session.find(TrainingRun.class, runId)
                .map(found -> Objects.requireNonNull(found, "a job of a run has the run's id"))
                .invoke(session::detach);
    }

    /// Gives the outputs of the stages that are finished.
    Uni<List<StageOutput>> outputs(Mutiny.Session session, String runId) {
        return session.createNativeQuery(
                        "select stage, object_key, sha256, seconds from training_stage where run_id = :id",
                        Object[].class)
                .setParameter("id", runId)
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new StageOutput(
                                (String) row[0], (String) row[1], (String) row[2], ((Number) row[3]).doubleValue()))
                        .toList());
    }

    /// Forgets the outputs, whose objects are gone.
    Uni<Void> forgetOutputs(Mutiny.Session session, String runId) {
        return session.createNativeQuery("delete from training_stage where run_id = :id")
                .setParameter("id", runId)
                .executeUpdate()
                .replaceWithVoid();
    }
}
