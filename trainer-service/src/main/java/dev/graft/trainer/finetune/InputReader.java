package dev.graft.trainer.finetune;

import java.nio.FloatBuffer;
import java.util.List;

/// Fills batches of a network's input with images. Safe for use by several threads at once.
interface InputReader {
    /// Returns how many numbers an image has.
    int floatsPerImage();

    /// Reads images, one after another.
    ///
    /// @param first index of the first of them among all that are passed on, a whole number of batches
    /// @param inputs receives float32 `[images, 3, size, size]`, normalised, from its position, which goes
    ///     behind them
    /// @throws UnusableImageException when an image is gone or cannot be decoded
    void read(int first, List<String> imageIds, FloatBuffer inputs);
}
