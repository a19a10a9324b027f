package dev.graft.trainer.run;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a stage of a run has come to: the row of an object whose key holds the digest of its content.
///
/// The row is written before the object, so that whatever may lie in object storage is known and is removed in
/// the end. It counts when the object is complete, which [#finishedAt] says.
@Entity
@Table(name = "training_stage")
@SuppressWarnings("NullAway.Init")
class StageOutput {
    @Id
    String objectKey;

    String runId;
    String stage;
    String sha256;

    /// How long the stage took until then, in all attempts.
    double seconds;

    @Nullable
    Instant finishedAt;

    /// For the persistence provider.
    protected StageOutput() {}

    /// Describes an output that is about to be written.
    StageOutput(String runId, String stage, String sha256, double seconds) {
        this.objectKey = "training-runs/%s/%s-%s".formatted(runId, stage, sha256);
        this.runId = runId;
        this.stage = stage;
        this.sha256 = sha256;
        this.seconds = seconds;
    }

    String objectKey() {
        return objectKey;
    }

    String stage() {
        return stage;
    }
}
