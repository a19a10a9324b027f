package dev.graft.vision.jpeg;

/// Turns the coefficients of a progressive component into its kept samples.
final class Coefficients {
    private Coefficients() {}

    static void transform(Component component) {
        int[] block = new int[64];
        for (int row = 0; row < component.keptBlocksHigh; row++) {
            for (int column = 0; column < component.keptBlocksWide; column++) {
                int blockRow = component.firstBlockRow + row;
                int blockColumn = component.firstBlockColumn + column;
                dequantise(component, (blockRow * component.paddedBlocksWide + blockColumn) << 6, block);
                InverseDct.transform(
                        block, component.samples, component.sampleOffset(blockColumn, blockRow), component.stride());
            }
        }
    }

    private static void dequantise(Component component, int base, int[] block) {
        for (int k = 0; k < 64; k++) {
            int place = Zigzag.NATURAL[k];
            block[place] = component.coefficients[base + place] * component.steps[k];
        }
    }
}
