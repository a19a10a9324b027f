package dev.graft.networks.network;

import java.util.List;

/// An operation that gives for each channel the maximum or the mean of some positions of a map.
public sealed interface PoolingOp extends Op {
    /// Takes the greatest element under each position of a window; padding never wins.
    ///
    /// @param window the sliding window
    record MaxPool(Window window) implements PoolingOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape map = Shapes.map(inputs);
            return window.slideOver(map, map.at(0));
        }
    }

    /// Takes the mean under each position of a window.
    ///
    /// @param window the sliding window, symmetrically padded
    /// @param countPadding whether padded zeros count in the mean
    record AveragePool(Window window, boolean countPadding) implements PoolingOp {
        /// Checks that the padding is the same for all input sizes, as engines average only then alike.
        public AveragePool {
            if (window.padding() instanceof Padding.Same) {
                throw new IllegalArgumentException("average pooling takes symmetric padding only");
            }
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape map = Shapes.map(inputs);
            return window.slideOver(map, map.at(0));
        }
    }

    /// Takes the mean of each channel over all positions: a map `[channels, h, w]` or tokens `[positions,
    /// channels]` to `[channels]`.
    record GlobalAveragePool() implements PoolingOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            if (Shapes.only(inputs).rank() < 2) {
                throw new IllegalArgumentException("a map or tokens are wanted, not " + inputs);
            }
            return Shape.of(Shapes.channels(inputs));
        }
    }

    /// Takes the mean of each channel over all positions and keeps the axes: `[channels, h, w]` to `[channels,
    /// 1, 1]`.
    record Squeeze() implements PoolingOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shape.of(Shapes.map(inputs).at(0), 1, 1);
        }
    }

    /// Enlarges maps that are smaller than wanted and leaves others as they are: position `i` of `n` is the
    /// mean of the positions from `⌊i · extent / n⌋` to before `⌈(i + 1) · extent / n⌉`, as in PyTorch's
    /// adaptive pooling.
    ///
    /// @param leastSize least height and width of the result
    record AdaptiveAveragePool(int leastSize) implements PoolingOp {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape map = Shapes.map(inputs);
            return Shape.of(map.at(0), Math.max(map.at(1), leastSize), Math.max(map.at(2), leastSize));
        }
    }
}
