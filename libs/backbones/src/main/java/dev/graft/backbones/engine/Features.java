package dev.graft.backbones.engine;

import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.Shape;
import java.nio.FloatBuffer;

/// Checks what engines take and give.
final class Features {
    private Features() {}

    /// Returns the number of features that a network gives.
    ///
    /// @throws IllegalArgumentException when its result is not one row
    static int dimension(Network network) {
        Shape shape = network.outputShape();
        if (shape.rank() != 1) {
            throw new IllegalArgumentException(
                    network.output().name() + " gives " + shape + " where one row of features is wanted");
        }
        return shape.at(0);
    }

    /// Returns the number of pictures in a buffer.
    ///
    /// @throws IllegalArgumentException when it does not hold whole pictures
    static int count(FloatBuffer images, int floatsPerImage) {
        if (images.remaining() % floatsPerImage != 0) {
            throw new IllegalArgumentException(
                    images.remaining() + " floats are no whole pictures of " + floatsPerImage);
        }
        return images.remaining() / floatsPerImage;
    }
}
