package dev.graft.trainer.head;

/// Receives how far a training, or a stage of a run, is. Called on the thread that computes; an exception from it ends
/// the work.
@FunctionalInterface
public interface TrainingListener {
    /// Says that the work came further.
    void advanced(Advance now);
}
