package dev.graft.vision.jpeg;

/// Turns the coefficients of a progressive component into its kept samples, and lets go of them: of all components
/// together they are the most that a picture needs.
final class Coefficients {
    private Coefficients() {}

    static void transform(Component component) {
        component.samples = new byte[component.stride() * component.keptBlocksHigh << 3];
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
        component.coefficients = new short[0];
    }

    private static void dequantise(Component component, int base, int[] block) {
        for (int k = 0; k < 64; k++) {
            int place = Zigzag.NATURAL[k];
            block[place] = component.coefficients[base + place] * component.steps[k];
        }
    }
}
