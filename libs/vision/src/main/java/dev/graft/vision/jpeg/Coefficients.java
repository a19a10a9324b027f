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
                int found = dequantise(component, (blockRow * component.paddedBlocksWide + blockColumn) << 6, block);
                int offset = component.sampleOffset(blockColumn, blockRow);
                if (InverseDct.fits(block[0], found)) {
                    InverseDct.transform(block, component.samples, offset, component.stride());
                } else {
                    WideInverseDct.transform(block, component.samples, offset, component.stride());
                }
            }
        }
        component.coefficients = new short[0];
    }

    /// @return all but the first, each with its sign's complement, or-ed
    private static int dequantise(Component component, int base, int[] block) {
        int found = 0;
        for (int k = 0; k < 64; k++) {
            int place = Zigzag.NATURAL[k];
            int coefficient = (short) (component.coefficients[base + place] * component.steps[k]);
            block[place] = coefficient;
            found |= k == 0 ? 0 : coefficient ^ coefficient >> 31;
        }
        return found;
    }
}
