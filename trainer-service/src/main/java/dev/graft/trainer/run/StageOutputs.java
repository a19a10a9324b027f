package dev.graft.trainer.run;

import dev.graft.contracts.Sha256;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.AttemptOverException;
import dev.graft.jobs.Jobs;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.trainer.stage.Stage;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Keeps the outputs of a run's stages in object storage until the run has ended; then jobs of [OutputRemoval]
/// remove them. A key holds the content's digest, so that each attempt writes the same; what counts is the row.
/// Methods that take no session block.
@ApplicationScoped
class StageOutputs {
    private static final Logger LOG = Logger.getLogger(StageOutputs.class);
    private static final int MAX_BYTES = 1 << 30;
    private static final String CHECKPOINT = ".checkpoint";

    private final ObjectStore store;
    private final TrainingRuns runs;
    private final Jobs jobs;
    private final Transactions transactions;

    StageOutputs(ObjectStore store, TrainingRuns runs, Jobs jobs, Transactions transactions) {
        this.store = store;
        this.runs = runs;
        this.jobs = jobs;
        this.transactions = transactions;
    }

    /// Gives the outputs of the stages that are finished, by stage; of several the last.
    Map<String, StageOutput> finished(String runId) {
        return complete(runId).collect(Collectors.toMap(StageOutput::stage, Function.identity(), (_, last) -> last));
    }

    private Stream<StageOutput> complete(String runId) {
        return transactions.call(session -> of(session, runId)).stream()
                .filter(output -> output.finishedAt != null)
                .sorted(Comparator.comparing(output -> Objects.requireNonNull(output.finishedAt)));
    }

    /// Gives how long attempts have worked on a stage, each until it finished the stage or kept its last state.
    ///
    /// @param finished the outputs of the run
    static double secondsKept(Map<String, StageOutput> finished, String stage) {
        StageOutput last = finished.getOrDefault(stage, finished.get(stage + CHECKPOINT));
        return last == null ? 0 : last.seconds;
    }

    /// Gives where an attempt keeps how far a stage has come. A state replaces the one before, which is removed when it
    /// is complete.
    ///
    /// @param seconds gives how long this attempt and those before have worked on the stage
    Stage.Checkpoints checkpoints(Attempt attempt, String stage, DoubleSupplier seconds) {
        String name = stage + CHECKPOINT;
        return new Stage.Checkpoints() {
            @Override
            public Optional<byte[]> last() {
                return Optional.ofNullable(finished(attempt.jobId()).get(name)).flatMap(StageOutputs.this::read);
            }

            @Override
            public void keep(byte[] state) {
                write(attempt, name, state, seconds.getAsDouble());
                String kept = new StageOutput(attempt.jobId(), name, Sha256.of(state), 0).objectKey();
                List<StageOutput> older = complete(attempt.jobId())
                        .filter(output -> output.stage().equals(name)
                                && !output.objectKey().equals(kept))
                        .toList();
                older.forEach(StageOutputs.this::remove);
                Integer unused = attempt.write(session -> forget(session, older));
            }
        };
    }

    /// Gives all outputs of a run, those among them that may not be complete.
    Uni<List<StageOutput>> of(Mutiny.Session session, String runId) {
        return session.createSelectionQuery(
                        "from StageOutput o where o.runId = :run order by o.objectKey", StageOutput.class)
                .setParameter("run", runId)
                .getResultList();
    }

    /// Reads an output; empty when it is gone or damaged, and the stage is to be done again.
    Optional<byte[]> read(StageOutput output) {
        try {
            byte[] bytes = store.read(output.objectKey(), MAX_BYTES);
            return Sha256.of(bytes).equals(output.sha256) ? Optional.of(bytes) : Optional.empty();
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
    }

    /// Writes the output of a stage, which an attempt after this one does not have to compute again.
    ///
    /// @param seconds how long it took to compute
    /// @throws AttemptOverException when the attempt is over
    void write(Attempt attempt, String stage, byte[] bytes, double seconds) {
        StageOutput output = new StageOutput(attempt.jobId(), stage, Sha256.of(bytes), seconds);
        StageOutput unused = attempt.write(session -> session.merge(output));
        try {
            store.put(output.objectKey(), ObjectContent.of(bytes, "application/octet-stream"));
            Integer unusedRows = attempt.advance(session -> finish(session, output));
        } catch (RuntimeException e) {
            if (attempt.isOver() || e instanceof AttemptOverException) {
                removeWhereEnded(output.runId, attempt.token(), session -> session.merge(output));
            }
            throw e;
        }
    }

    /// Lets what an attempt that was over has written be removed, when the run has ended: it may have come after the
    /// removal.
    void removeWhereEnded(String runId, long token) {
        removeWhereEnded(runId, token, _ -> Uni.createFrom().nullItem());
    }

    private static Uni<Integer> finish(Mutiny.Session session, StageOutput output) {
        return session.createMutationQuery(
                        "update StageOutput o set o.finishedAt = instant where o.objectKey = :objectKey")
                .setParameter("objectKey", output.objectKey())
                .executeUpdate();
    }

    /// @param noted notes what was written, so that the removal finds it
    private void removeWhereEnded(String runId, long token, Function<Mutiny.Session, Uni<?>> noted) {
        // What interrupted the attempt had its effect; the transaction must not be disturbed by it.
        boolean unusedInterrupt = Thread.interrupted();
        try {
            boolean unused = transactions.call(session -> runs.read(session, runId)
                    .chain(run -> run.state.isFinal()
                            ? noted.apply(session).chain(() -> jobs.enqueue(session, OutputRemoval.job(runId, token)))
                            : Uni.createFrom().item(false)));
        } catch (RuntimeException away) {
            LOG.warnf("Output of a stage may stay runId=%s reason=%s", runId, away);
        }
    }

    /// Lets the outputs of a run be removed, which ends in the caller's transaction.
    Uni<Void> removeLater(Mutiny.Session session, String runId) {
        return jobs.enqueue(session, OutputRemoval.job(runId, 0)).replaceWithVoid();
    }

    /// Removes the object of an output.
    void remove(StageOutput output) {
        store.delete(output.objectKey());
    }

    /// Forgets outputs, whose objects are gone.
    ///
    /// @return how many
    Uni<Integer> forget(Mutiny.Session session, List<StageOutput> outputs) {
        if (outputs.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        return session.createMutationQuery("delete from StageOutput o where o.objectKey in :keys")
                .setParameter(
                        "keys", outputs.stream().map(StageOutput::objectKey).toList())
                .executeUpdate();
    }
}
