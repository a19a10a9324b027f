package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A training run came further.
///
/// @param phase    what it is doing
/// @param done     how many units of the phase are done (images while embedding, epochs while training, passes of
///                 images while fine-tuning: one through the trunk, and one an epoch)
/// @param total    how many there are
/// @param loss     training loss after the epoch; absent outside training
/// @param accuracy accuracy on the pictures held out for choosing; absent when there are none
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingProgressed(
        String runId,
        Phase phase,
        long done,
        long total,
        @Nullable Double loss,
        @Nullable Double accuracy) implements Event {

    /// The phases of a run, in order.
    public enum Phase {
        EMBEDDING,
        TRAINING,
        FINE_TUNING,
        EVALUATING,
        PUBLISHING
    }

    @Override
    public String partitionKey() {
        return runId;
    }
}
