package dev.graft.networks.onnx;

import dev.graft.networks.network.Padding;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;

/// Space-to-depth along the rows of a map: the same convolution on blocks of four columns, each of which is one
/// position of four times the channels, with two results side by side as one position of twice the channels. With
/// channels last in memory, both are the same bytes in the same order.
///
/// The weights in between are zero, so the results are the same to the bit while they are integers. A convolution of
/// bytes looks up where each window begins in a table that it makes for every image; here the table is a third as
/// long or less, which saves more than multiplying by zeros costs.
///
/// @param sweep the convolution, of stride 2
record SpaceToDepth(SlidingWindow sweep) {
    private static final int COLUMNS = 4;
    private static final int RESULTS = 2;

    /// Kernels for bytes (`MlasConvSym` in ONNX Runtime) give 16 channels at a time.
    private static final int CHANNELS_AT_A_TIME = 16;

    /// Returns whether a convolution can be written so.
    static boolean suits(SlidingWindow sweep) {
        int columns = sweep.input().at(2);
        return sweep.strideAcross() == RESULTS
                && columns % COLUMNS == 0
                && columns == sweep.output().at(2) * RESULTS
                && sweep.output().at(0) * RESULTS % CHANNELS_AT_A_TIME == 0;
    }

    /// Returns the convolution of blocks.
    SlidingWindow ofBlocks() {
        return new SlidingWindow(
                inBlocks(sweep.input(), COLUMNS),
                inBlocks(sweep.output(), RESULTS),
                sweep.height(),
                lastBlock() - firstBlock() + 1,
                sweep.strideDown(),
                1,
                new Padding.Amounts(
                        sweep.pads().top(), -firstBlock(), sweep.pads().bottom(), lastBlock()));
    }

    /// Returns the filters of the blocks, `[2 · out, 4 · in, height, width in blocks]`.
    ///
    /// @param filters float32 `[out, in, height, width]`
    FloatTensor filters(FloatTensor filters) {
        Shape shape = filters.shape();
        Shape wide = filterShape(shape);
        float[] weights = new float[Math.toIntExact(wide.elements())];
        for (int i = 0; i < shape.elements(); i++) {
            int column = i % shape.at(3);
            int row = i / shape.at(3) % shape.at(2);
            int channel = i / shape.at(3) / shape.at(2) % shape.at(1);
            int filter = i / shape.at(3) / shape.at(2) / shape.at(1);
            for (int result = 0; result < RESULTS; result++) {
                int position =
                        result * sweep.strideAcross() + column - sweep.pads().left();
                int block = Math.floorDiv(position, COLUMNS) - firstBlock();
                int wideChannel = Math.floorMod(position, COLUMNS) * shape.at(1) + channel;
                int wideFilter = result * shape.at(0) + filter;
                weights[((wideFilter * wide.at(1) + wideChannel) * wide.at(2) + row) * wide.at(3) + block] =
                        filters.at(i);
            }
        }
        return FloatTensor.of(wide, weights);
    }

    /// Returns the shape of [#filters].
    ///
    /// @param filters `[out, in, height, width]`
    Shape filterShape(Shape filters) {
        return Shape.of(
                filters.at(0) * RESULTS, filters.at(1) * COLUMNS, filters.at(2), lastBlock() - firstBlock() + 1);
    }

    /// Returns the biases of the blocks, `[2 · out]`.
    static FloatTensor biases(FloatTensor biases) {
        float[] once = biases.toArray();
        float[] twice = new float[once.length * RESULTS];
        for (int i = 0; i < twice.length; i++) {
            twice[i] = once[i % once.length];
        }
        return FloatTensor.of(Shape.of(twice.length), twice);
    }

    /// Returns the block where the window of the first result begins, relative to that of the result.
    private int firstBlock() {
        return Math.floorDiv(-sweep.pads().left(), COLUMNS);
    }

    /// Returns the block where the window of the last result ends.
    private int lastBlock() {
        int last = (RESULTS - 1) * sweep.strideAcross()
                + sweep.width()
                - 1
                - sweep.pads().left();
        return Math.floorDiv(last, COLUMNS);
    }

    private static Shape inBlocks(Shape map, int columns) {
        return Shape.of(map.at(0) * columns, map.at(1), map.at(2) / columns);
    }
}
