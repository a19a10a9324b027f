package dev.graft.vision.jpeg;

import java.util.Arrays;
import java.util.List;

/// Describes a scan (T.81, B.2.3).
///
/// @param components the components it carries, in order
/// @param dcTables for each of them, the table of its first coefficients; null entries where the scan needs none
/// @param acTables for each of them, the table of its other coefficients
/// @param spectralStart first coefficient, in zigzag order
/// @param spectralEnd last coefficient
/// @param approximationHigh bit position of the scan that this one refines, or 0
/// @param approximationLow bit position of this scan
/// @param restartInterval MCUs between restart markers, or 0 when there are none
record Scan(
        List<Component> components,
        HuffmanTable[] dcTables,
        HuffmanTable[] acTables,
        int spectralStart,
        int spectralEnd,
        int approximationHigh,
        int approximationLow,
        int restartInterval) {

    /// Decodes one block of a scan.
    interface BlockDecoder {
        /// Reads the next block.
        ///
        /// @param index the component's place in the scan
        void decode(int index, int blockColumn, int blockRow) throws JpegException;

        /// Forgets what restart markers reset.
        void reset();
    }

    /// Notes in its components to which bit it makes their coefficients known.
    void note() {
        for (Component component : components) {
            Arrays.fill(component.unknownBits, spectralStart, spectralEnd + 1, approximationLow);
        }
    }

    /// Counts the blocks that the scan visits.
    long blocks() {
        return Component.blocks(components);
    }

    /// Visits every block of the scan in order: MCU by MCU, or block by block when there is a single component.
    void decode(Frame frame, BitReader reader, BlockDecoder blocks) throws JpegException {
        boolean interleaved = components.size() > 1;
        Component first = components.getFirst();
        int wide = interleaved ? frame.mcusWide() : first.blocksWide();
        int high = interleaved ? frame.mcusHigh() : first.blocksHigh();
        int untilRestart = restartInterval > 0 ? restartInterval : Integer.MAX_VALUE;
        int restarts = 0;
        blocks.reset();
        for (int row = 0; row < high; row++) {
            for (int column = 0; column < wide; column++) {
                if (untilRestart-- == 0) {
                    reader.restart(restarts++);
                    blocks.reset();
                    untilRestart = restartInterval - 1;
                }
                if (interleaved) {
                    decodeMcu(blocks, column, row);
                } else {
                    blocks.decode(0, column, row);
                }
                reader.checkNotOverrun();
            }
        }
    }

    private void decodeMcu(BlockDecoder blocks, int mcuColumn, int mcuRow) throws JpegException {
        for (int index = 0; index < components.size(); index++) {
            Component component = components.get(index);
            for (int y = 0; y < component.verticalFactor; y++) {
                for (int x = 0; x < component.horizontalFactor; x++) {
                    blocks.decode(
                            index, mcuColumn * component.horizontalFactor + x, mcuRow * component.verticalFactor + y);
                }
            }
        }
    }
}
