package dev.graft.vision.jpeg;

import java.util.Arrays;
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

    /// For each coefficient in zigzag order, how many of its lower bits no scan has given yet.
    final int[] unknownBits = new int[64];

    int dcPrediction;

    Component(int id, int horizontalFactor, int verticalFactor, int quantisationIndex) {
        this.id = id;
        this.horizontalFactor = horizontalFactor;
        this.verticalFactor = verticalFactor;
        this.quantisationIndex = quantisationIndex;
        Arrays.fill(unknownBits, Short.SIZE);
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

    /// Names the blocks that a region of the picture needs.
    record Kept(int firstColumn, int firstRow, int wide, int high) {
        long samples() {
            return 64L * wide * high;
        }
    }

    /// Returns the blocks that a region needs, with one sample more on each side for upsampling.
    Kept kept(Frame frame, int left, int top, int keptWidth, int keptHeight) {
        int firstColumn = left * horizontalFactor / frame.maxHorizontal() - 1;
        int lastColumn = (left + keptWidth - 1) * horizontalFactor / frame.maxHorizontal() + 1;
        int firstRow = top * verticalFactor / frame.maxVertical() - 1;
        int lastRow = (top + keptHeight - 1) * verticalFactor / frame.maxVertical() + 1;
        int column = Math.max(firstColumn, 0) >> 3;
        int row = Math.max(firstRow, 0) >> 3;
        return new Kept(
                column,
                row,
                (Math.min(lastColumn, width - 1) >> 3) - column + 1,
                (Math.min(lastRow, height - 1) >> 3) - row + 1);
    }

    void keep(Kept kept) {
        firstBlockColumn = kept.firstColumn;
        firstBlockRow = kept.firstRow;
        keptBlocksWide = kept.wide;
        keptBlocksHigh = kept.high;
    }

    /// Counts its blocks in whole MCUs.
    long paddedBlocks() {
        return (long) paddedBlocksWide * paddedBlocksHigh;
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
