package dev.graft.trainer.finetune;

import dev.graft.vision.augment.Mixing;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/// What the tunable part takes of a training's images: of those held out the same always, of those learned from
/// what an epoch shows of them. Images are named by their positions in the training's set. For one thread.
interface TrainingRows extends AutoCloseable {
    /// Returns how many numbers a row has.
    int floats();

    /// Makes ready what an epoch learns from.
    ///
    /// @param epoch from 1
    /// @param steps images of each step; together they are all that are learned from
    /// @throws UnusableImageException when an image is gone or cannot be decoded
    /// @throws java.util.concurrent.CancellationException when the calling thread is interrupted
    void show(int epoch, List<int[]> steps);

    /// Returns how the images of a step are mixed two and two, by their order in the step.
    ///
    /// @param step number of the step in the epoch, from 0
    Optional<Mixing> mixing(int epoch, int step);

    /// Reads what the last epoch that was made ready shows.
    ///
    /// @param target receives float32 `[images, floats]` from its position, which stays
    void learned(int[] images, FloatBuffer target);

    /// Reads images held out.
    ///
    /// @param target receives float32 `[images, floats]` from its position, which stays
    void heldOut(int[] images, FloatBuffer target);

    @Override
    void close();
}
