package dev.graft.trainer.head;

import org.jspecify.annotations.Nullable;

/// Receives how far a training is. Called on the training thread; an exception from it ends the training.
@FunctionalInterface
public interface TrainingListener {
    /// @param done     epochs done; of a convex head, thousandths of the work
    /// @param total    epochs there may be, or 1,000
    /// @param loss     loss on the pictures learned from; absent where there is none yet
    /// @param accuracy accuracy on pictures held out for choosing; absent where there are none
    void advanced(long done, long total, @Nullable Double loss, @Nullable Double accuracy);
}
