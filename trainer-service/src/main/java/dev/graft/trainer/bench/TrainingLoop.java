package dev.graft.trainer.bench;

/// One way to train, ready to be measured. For one thread. Closing it frees its native memory.
interface TrainingLoop extends AutoCloseable {
    /// Trains one step.
    ///
    /// @param batch indices of images
    /// @return the loss of the batch before the step
    double step(int[] batch);

    /// Computes anew what is computed once and not in every epoch; nothing where there is no such thing.
    void passTrunk();

    @Override
    void close();
}
