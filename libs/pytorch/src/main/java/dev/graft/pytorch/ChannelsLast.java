package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import org.jspecify.annotations.Nullable;

/// Lays maps out so that the channels of a position lie together, as PyTorch's memory format of this name
/// (https://docs.pytorch.org/tutorials/intermediate/memory_format_tutorial.html). The axes stay `[batch,
/// channels, height, width]`, and every operator of PyTorch that reads such a map gives one; a convolution
/// of one position is then a single product of matrices, and others spare the conversions that they begin
/// and end with.
final class ChannelsLast {
    private static final int MAP_AXES = 4;

    private ChannelsLast() {}

    /// Copies a map into this layout.
    ///
    /// @param input float32 `[batch, channels, height, width]`; whatever has other axes is given back as it
    ///     is
    /// @return the same numbers, of the same shape; the input's manager's
    static NDArray of(NDArray input) {
        Shape shape = input.getShape();
        if (shape.dimension() != MAP_AXES) {
            return input;
        }
        // The copy is made here: what lies otherwise cannot be seen as one axis.
        try (NDArray turned = input.transpose(0, 2, 3, 1);
                NDArray flat = turned.reshape(shape.size());
                NDArray map = flat.reshape(shape.get(0), shape.get(2), shape.get(3), shape.get(1))) {
            return map.transpose(0, 3, 1, 2);
        }
    }

    /// Computes a convolution of one position with stride 1, as a product of matrices. Another layout is
    /// copied first.
    ///
    /// @param input float32 `[batch, inChannels, height, width]`
    /// @param weight float32 `[outChannels, inChannels, 1, 1]`
    /// @param bias float32 `[outChannels]`, if there is one
    /// @return float32 `[batch, outChannels, height, width]`, in this layout
    static NDArray pointwise(NDArray input, NDArray weight, @Nullable NDArray bias) {
        Shape shape = input.getShape();
        long positions = shape.get(0) * shape.get(2) * shape.get(3);
        long outChannels = weight.getShape().get(0);
        try (NDArray turned = input.transpose(0, 2, 3, 1);
                NDArray rows = turned.reshape(positions, shape.get(1));
                NDArray matrix = weight.reshape(outChannels, shape.get(1));
                NDArray product = (bias == null ? Linear.linear(rows, matrix) : Linear.linear(rows, matrix, bias))
                        .singletonOrThrow();
                NDArray map = product.reshape(shape.get(0), shape.get(2), shape.get(3), outChannels)) {
            return map.transpose(0, 3, 1, 2);
        }
    }
}
