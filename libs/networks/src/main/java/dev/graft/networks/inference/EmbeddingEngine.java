package dev.graft.networks.inference;

import java.nio.FloatBuffer;

/// Computes features of images. Safe for use by several threads at once: as many forward passes run side by
/// side as [#parallelism] says, each on one core, and further callers wait. Engines agree to 1e-4 of the
/// features' standard deviation, except where a network amplifies the rounding of float32 to more than that, as
/// EfficientNet-Lite3 and Lite4 do with random weights.
public interface EmbeddingEngine extends AutoCloseable {
    /// Returns the height and width of the images it takes.
    int inputSize();

    /// Returns the number of features of one image.
    int dimension();

    /// Returns how many forward passes run side by side.
    int parallelism();

    /// Returns the greatest number of images that go through the network together.
    int maxBatch();

    /// Returns the number of floats of one image, `3 · inputSize · inputSize`.
    default int floatsPerImage() {
        return 3 * inputSize() * inputSize();
    }

    /// Computes the features of some images. Runs on the calling thread; more images than fit one forward pass
    /// are taken in several. A direct buffer in native byte order spares a copy. The buffer's position stays.
    ///
    /// @param images float32 `[count, 3, inputSize, inputSize]`, normalised, from the buffer's position to its
    ///     limit; not to be changed meanwhile
    /// @return float32 `[count, dimension]`
    /// @throws IllegalArgumentException when the buffer does not hold whole images
    /// @throws NonFiniteFeaturesException when not all features are finite
    /// @throws IllegalStateException when the engine is closed
    /// @throws InferenceException when the forward pass fails
    float[] embed(FloatBuffer images);

    /// Computes the features of some images, as [#embed(FloatBuffer)].
    ///
    /// @param images float32 `[count, 3, inputSize, inputSize]`, normalised
    /// @return float32 `[count, dimension]`
    default float[] embed(float[] images) {
        return embed(FloatBuffer.wrap(images));
    }

    /// Waits for the running forward passes and frees all native memory.
    @Override
    void close();
}
