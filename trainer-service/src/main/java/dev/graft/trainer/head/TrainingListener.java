package dev.graft.trainer.head;

import org.jspecify.annotations.Nullable;

/// Hears how far a training is. Called on the training thread; an exception from it ends the training.
@FunctionalInterface
public interface TrainingListener {
    /// @param done     steps done
    /// @param total    steps there may be
    /// @param loss     loss on the pictures learned from; absent where there is none yet
    /// @param accuracy accuracy on pictures held out for choosing; absent where there are none
    void advanced(int done, int total, @Nullable Double loss, @Nullable Double accuracy);
}
