package dev.graft.trainer.head;

import org.jspecify.annotations.Nullable;

/// How far a training, or a stage of a run, is.
///
/// @param done     units of work that are done: epochs, images, or of a convex head thousandths of the work
/// @param total    units there may be
/// @param loss     loss on the images learned from; absent where there is none yet
/// @param accuracy accuracy on images held out for choosing; absent where there are none
/// @param epoch    the epoch that is under way or has just ended, from 1; absent where there are none
/// @param step     how many steps of that epoch are done; absent where they are not counted
public record Advance(
        long done,
        long total,
        @Nullable Double loss,
        @Nullable Double accuracy,
        @Nullable Integer epoch,
        @Nullable Integer step) {

    /// Says how much is done, of what has neither loss nor accuracy.
    public static Advance of(long done, long total) {
        return new Advance(done, total, null, null, null, null);
    }

    /// Says how much is done, of what has no epochs.
    public static Advance of(long done, long total, @Nullable Double loss, @Nullable Double accuracy) {
        return new Advance(done, total, loss, accuracy, null, null);
    }
}
