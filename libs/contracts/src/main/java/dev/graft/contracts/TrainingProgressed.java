package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A training run came further.
///
/// @param phase    what it is doing
/// @param done     how many units of the phase are done (images while embedding, epochs while training, passes of
///                 images while fine-tuning: one through the trunk, and one an epoch)
/// @param total    how many there are
/// @param loss     training loss after the epoch, or within it; absent outside training
/// @param accuracy accuracy on the pictures held out for choosing; absent when there are none
/// @param epoch    the epoch that is under way or has just ended, from 1; absent where there are none
/// @param step     how many steps of that epoch are done; absent where they are not counted
/// @param imagesPerSecond how fast it goes, by the last half minute above all; absent where images are not what is
///                 counted, and until it can be told
/// @param secondsLeft how long the phase still takes at that pace, if no epoch makes it end early; absent until it can
///                 be told
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingProgressed(
        String runId,
        Phase phase,
        long done,
        long total,
        @Nullable Double loss,
        @Nullable Double accuracy,
        @Nullable Integer epoch,
        @Nullable Integer step,
        @Nullable Double imagesPerSecond,
        @Nullable Double secondsLeft)
        implements Event {

    /// The phases of a run, in order.
    public enum Phase {
        EMBEDDING,
        TRAINING,
        FINE_TUNING,
        EVALUATING,
        PUBLISHING
    }

    /// Says what is known before there is a pace.
    public TrainingProgressed(String runId, Phase phase, long done, long total) {
        this(runId, phase, done, total, null, null, null, null, null, null);
    }

    @Override
    public String partitionKey() {
        return runId;
    }
}
