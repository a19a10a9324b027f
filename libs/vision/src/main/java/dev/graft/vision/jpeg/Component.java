package dev.graft.vision.jpeg;

import java.util.List;

/// Holds one colour component of a frame while it is decoded.
///
/// Sizes are in samples of the component (T.81, A.1.1) or in blocks of 8 × 8 of them; a *padded* size is that of whole
/// MCUs. Samples are kept only for the wanted blocks, in [#samples], whose first sample is that of block
/// [#firstBlockColumn], [#firstBlockRow].
final class Component {
    final int id;
    final int horizontalFactor;
    final int verticalFactor;
    final int quantisationIndex;

    int width;
    int height;
    int paddedBlocksWide;
    int paddedBlocksHigh;

    int firstBlockColumn;
    int firstBlockRow;
    int keptBlocksWide;
    int keptBlocksHigh;
    byte[] samples = {};

    /// Quantisation steps in zigzag order with room for runs that end beyond a block; empty before the first scan.
    int[] steps = {};

    /// int16 [padded blocks, 64] in natural order, of a progressive frame only, until they are samples.
    short[] coefficients = {};

    int dcPrediction;

    Component(int id, int horizontalFactor, int verticalFactor, int quantisationIndex) {
        this.id = id;
        this.horizontalFactor = horizontalFactor;
        this.verticalFactor = verticalFactor;
        this.quantisationIndex = quantisationIndex;
    }

    int blocksWide() {
        return (width + 7) >> 3;
    }

    int blocksHigh() {
        return (height + 7) >> 3;
    }

    static long blocks(List<Component> components) {
        return components.stream()
                .mapToLong(component -> (long) component.blocksWide() * component.blocksHigh())
                .sum();
    }

    int stride() {
        return keptBlocksWide << 3;
    }

    boolean keeps(int blockColumn, int blockRow) {
        return blockColumn >= firstBlockColumn && blockColumn < firstBlockColumn + keptBlocksWide && keepsRow(blockRow);
    }

    boolean keepsRow(int blockRow) {
        return blockRow >= firstBlockRow && blockRow < firstBlockRow + keptBlocksHigh;
    }

    /// Returns where the first sample of a kept block lies.
    int sampleOffset(int blockColumn, int blockRow) {
        return ((blockRow - firstBlockRow) * stride() + (blockColumn - firstBlockColumn)) << 3;
    }

    /// Returns where a row of samples begins, so that adding a column gives a sample; rows outside the component are as
    /// its nearest row.
    int rowOffset(int row) {
        int inside = Math.clamp(row, 0, height - 1);
        return (inside - (firstBlockRow << 3)) * stride() - (firstBlockColumn << 3);
    }
}
