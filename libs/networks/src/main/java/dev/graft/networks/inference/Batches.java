package dev.graft.networks.inference;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import java.nio.FloatBuffer;

/// Cuts images into forward passes of a bounded size.
///
/// @param inputSize height and width of an image
/// @param dimension number of features of an image
/// @param maxBatch greatest number of images in one pass, at least 1
public record Batches(int inputSize, int dimension, int maxBatch) {
    /// The most numbers that a buffer of native memory can hold.
    private static final int MAX_FLOATS = Integer.MAX_VALUE / Float.BYTES;

    /// One forward pass.
    public interface Pass {
        /// Computes the features of a part of the images.
        ///
        /// @param images   float32 `[count, 3, inputSize, inputSize]`
        /// @param features where the features go
        /// @param offset   where in there the first of them goes
        void run(FloatBuffer images, int count, float[] features, int offset);
    }

    /// Bounds the passes of a network.
    ///
    /// @param network what gives one row of features
    /// @param maxBatch greatest number of images in one pass. Where an image or its row is larger than a usual
    ///     image, fewer pass, so that all take no more memory than `maxBatch` usual ones, or there is but one:
    ///     what a network makes of images on its way grows with them, to many times their size
    /// @throws IllegalArgumentException when the network does not take images, the result is not one row, no
    ///     image may pass, or no buffer holds one
    public static Batches of(Network network, int maxBatch) {
        if (!network.takesImages()) {
            throw new IllegalArgumentException(
                    "this part of " + network.name() + " takes " + network.inputShape() + " where images are wanted");
        }
        Shape row = network.outputShape();
        if (row.rank() != 1) {
            throw new IllegalArgumentException(
                    network.output().name() + " gives " + row + " where one row of features is wanted");
        }
        if (maxBatch < 1) {
            throw new IllegalArgumentException("a forward pass takes at least 1 picture, not " + maxBatch);
        }
        Batches single = new Batches(network.inputSize(), row.at(0), 1);
        int floats = Math.max(single.floatsPerImage(), single.dimension());
        if (floats > MAX_FLOATS) {
            throw new IllegalArgumentException("no buffer holds a picture of %d × %d pixels, or its row of %s features"
                    .formatted(network.inputSize(), network.inputSize(), row));
        }
        long fitting = Math.min(MAX_FLOATS, NativeBuffers.usualFloats(maxBatch)) / floats;
        return new Batches(single.inputSize(), single.dimension(), Math.clamp(fitting, 1, maxBatch));
    }

    /// Returns how many numbers an image is.
    public int floatsPerImage() {
        return 3 * inputSize * inputSize;
    }

    /// Computes the features of images, pass by pass.
    ///
    /// @param images float32 `[count, 3, inputSize, inputSize]`, from the buffer's position to its limit
    /// @return float32 `[count, dimension]`
    /// @throws IllegalArgumentException when the buffer does not hold whole images
    /// @throws NonFiniteFeaturesException when not all features are finite
    public float[] embed(FloatBuffer images, Pass pass) {
        if (images.remaining() % floatsPerImage() != 0) {
            throw new IllegalArgumentException(
                    images.remaining() + " floats are no whole pictures of " + floatsPerImage());
        }
        int total = images.remaining() / floatsPerImage();
        float[] features = new float[Math.multiplyExact(total, dimension)];
        for (int first = 0; first < total; first += maxBatch) {
            int count = Math.min(maxBatch, total - first);
            FloatBuffer part = images.slice(images.position() + first * floatsPerImage(), count * floatsPerImage());
            pass.run(part, count, features, first * dimension);
            NonFiniteFeaturesException.requireFinite(features, first * dimension, (first + count) * dimension);
        }
        return features;
    }
}
