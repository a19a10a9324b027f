package dev.graft.trainer.head;

import org.jspecify.annotations.Nullable;

/// How far a training, or a stage of a run, is.
///
/// @param done       units of work that are done: epochs, images, or of a convex head thousandths of the work
/// @param total      units there may be
/// @param frozenLeft how many of those to come are images on their way through the frozen part of a network, which is
///     faster than what else there is
/// @param loss       loss on the images learned from; absent where there is none yet
/// @param accuracy   accuracy on images held out for choosing; absent where there are none
/// @param epoch      the epoch that is under way or has just ended, from 1; absent where there are none, and while
///     images pass through the frozen part
/// @param step       how many steps of that epoch are done; absent where they are not counted
public record Advance(
        long done,
        long total,
        long frozenLeft,
        @Nullable Double loss,
        @Nullable Double accuracy,
        @Nullable Integer epoch,
        @Nullable Integer step) {

    /// Says how much is done, of what has neither loss nor accuracy.
    public static Advance of(long done, long total) {
        return of(done, total, null, null);
    }

    /// Says how much is done, of what has no epochs.
    public static Advance of(long done, long total, @Nullable Double loss, @Nullable Double accuracy) {
        return new Advance(done, total, 0, loss, accuracy, null, null);
    }

    /// Says how many epochs are done.
    public static Advance ofEpochs(int done, int total, double loss, double accuracy) {
        return new Advance(done, total, 0, loss, accuracy, done, null);
    }

    /// Says that an image, or several, have come further through the frozen part.
    public static Advance ofFrozen(long done, long total, long frozenLeft) {
        return new Advance(done, total, frozenLeft, null, null, null, null);
    }
}
