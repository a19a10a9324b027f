package dev.graft.trainer.run;

import dev.graft.contracts.Sha256;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Keeps the outputs of a run's stages in object storage until the run has ended. A key holds the content's digest, so
/// that whoever writes it writes the same; what counts is the row. Blocks.
@ApplicationScoped
class StageOutputs {
    private static final Logger LOG = Logger.getLogger(StageOutputs.class);
    private static final int MAX_BYTES = 1 << 30;

    private final ObjectStore store;
    private final RunRows rows;
    private final Transactions transactions;

    StageOutputs(ObjectStore store, RunRows rows, Transactions transactions) {
        this.store = store;
        this.rows = rows;
        this.transactions = transactions;
    }

    /// Gives the outputs of the stages that are finished, by stage.
    Map<String, StageOutput> finished(String runId) {
        return all(runId).stream().collect(Collectors.toMap(StageOutput::stage, Function.identity()));
    }

    private List<StageOutput> all(String runId) {
        return transactions.call(session -> rows.outputs(session, runId));
    }

    /// Reads an output; empty when it is gone or damaged, and the stage is to be done again.
    Optional<byte[]> read(StageOutput output) {
        try {
            byte[] bytes = store.read(output.objectKey(), MAX_BYTES);
            return Sha256.of(bytes).equals(output.sha256()) ? Optional.of(bytes) : Optional.empty();
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
    }

    /// Writes an output; its row is the caller's to write.
    StageOutput write(String runId, String stage, byte[] bytes, double seconds) {
        String sha256 = Sha256.of(bytes);
        String key = "training-runs/%s/%s-%s".formatted(runId, stage, sha256);
        store.put(key, ObjectContent.of(bytes, "application/octet-stream"));
        return new StageOutput(stage, key, sha256, seconds);
    }

    /// Removes the outputs of a run that has ended. What cannot be removed now is only space.
    void discard(String runId) {
        try {
            all(runId).forEach(output -> store.delete(output.objectKey()));
            Void unused = transactions.call(session -> rows.forgetOutputs(session, runId));
        } catch (RuntimeException e) {
            LOG.warnf("Outputs of stages not removed runId=%s reason=%s", runId, e);
        }
    }
}
