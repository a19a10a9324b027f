package dev.graft.vision.webp;

import java.util.Arrays;

/// Reads the coefficients of macroblocks (RFC 6386, section 13) and remembers which blocks had any, for those that
/// follow.
final class Residuals {
    private static final int LUMA_AFTER_Y2 = 0;
    private static final int Y2 = 1;
    private static final int CHROMA = 2;
    private static final int LUMA = 3;

    /// Places of a macroblock's row or column of flags: four of luma, two of each chroma plane, one of Y2.
    private static final int FLAGS = 9;

    private static final int Y2_FLAG = 8;

    /// Dequantised coefficients of the macroblock last read: 16 blocks of luma, 4 of each chroma plane.
    final int[] coefficients = new int[24 * 16];

    private final byte[] probabilities;
    private final boolean[] above;
    private final boolean[] left = new boolean[FLAGS];
    private final int[] y2 = new int[16];

    Residuals(byte[] probabilities, int macroblocksWide) {
        this.probabilities = probabilities;
        this.above = new boolean[FLAGS * macroblocksWide];
    }

    void startRow() {
        Arrays.fill(left, false);
    }

    /// Notes that a macroblock has no coefficients.
    ///
    /// @param hasY2 whether its kind has Y2 coefficients; otherwise their flag stays as it was
    void skip(int column, boolean hasY2) {
        int flags = hasY2 ? FLAGS : FLAGS - 1;
        Arrays.fill(left, 0, flags, false);
        Arrays.fill(above, column * FLAGS, column * FLAGS + flags, false);
    }

    /// Reads the coefficients of a macroblock.
    ///
    /// @return whether there are any that matter
    boolean read(BoolDecoder in, int column, boolean hasY2, Vp8Header.Steps steps) {
        Arrays.fill(coefficients, 0);
        boolean any = false;
        int top = column * FLAGS;
        int first = 0;
        int type = LUMA;
        if (hasY2) {
            Arrays.fill(y2, 0);
            int context = context(top + Y2_FLAG, Y2_FLAG);
            int end = readBlock(in, Y2, context, 0, steps.y2Dc(), steps.y2Ac(), y2, 0);
            mark(top + Y2_FLAG, Y2_FLAG, end > 0);
            Transform.inverseWalshHadamard(y2, coefficients);
            first = 1;
            type = LUMA_AFTER_Y2;
        }
        for (int block = 0; block < 16; block++) {
            int x = block & 3;
            int y = block >> 2;
            int end = readBlock(
                    in, type, context(top + x, y), first, steps.lumaDc(), steps.lumaAc(), coefficients, block * 16);
            mark(top + x, y, end > first);
            any |= end > 1 || coefficients[block * 16] != 0;
        }
        for (int block = 16; block < 24; block++) {
            int plane = block < 20 ? 4 : 6;
            int x = plane + (block & 1);
            int y = plane + (block >> 1 & 1);
            int end = readBlock(
                    in, CHROMA, context(top + x, y), 0, steps.chromaDc(), steps.chromaAc(), coefficients, block * 16);
            mark(top + x, y, end > 0);
            any |= end > 1 || coefficients[block * 16] != 0;
        }
        return any;
    }

    private int context(int aboveFlag, int leftFlag) {
        return (above[aboveFlag] ? 1 : 0) + (left[leftFlag] ? 1 : 0);
    }

    private void mark(int aboveFlag, int leftFlag, boolean has) {
        above[aboveFlag] = has;
        left[leftFlag] = has;
    }

    /// Reads one block.
    ///
    /// @return the place behind its last coefficient in zigzag order, or `first` when it has none
    private int readBlock(
            BoolDecoder in, int type, int context, int first, int dcStep, int acStep, int[] target, int offset) {
        int n = first;
        int at = probabilityOffset(type, n, context);
        while (n < 16) {
            if (in.bit(probability(at)) == 0) {
                return n;
            }
            while (in.bit(probability(at + 1)) == 0) {
                n++;
                if (n == 16) {
                    return 16;
                }
                at = probabilityOffset(type, n, 0);
            }
            int value = 1;
            int next = 1;
            if (in.bit(probability(at + 2)) == 1) {
                value = largeValue(in, at);
                next = 2;
            }
            int step = n == 0 ? dcStep : acStep;
            target[offset + Vp8Tables.NATURAL[n]] = (in.flag() ? -value : value) * step;
            n++;
            at = probabilityOffset(type, n, next);
        }
        return 16;
    }

    private int largeValue(BoolDecoder in, int at) {
        if (in.bit(probability(at + 3)) == 0) {
            return in.bit(probability(at + 4)) == 0 ? 2 : 3 + in.bit(probability(at + 5));
        }
        if (in.bit(probability(at + 6)) == 0) {
            if (in.bit(probability(at + 7)) == 0) {
                return 5 + in.bit(159);
            }
            int high = in.bit(165);
            return 7 + 2 * high + in.bit(145);
        }
        int high = in.bit(probability(at + 8));
        int category = 2 * high + in.bit(probability(at + 9 + high));
        int value = 0;
        for (int probability : Vp8Tables.LARGE[category]) {
            value = 2 * value + in.bit(probability);
        }
        return value + 3 + (8 << category);
    }

    private static int probabilityOffset(int type, int n, int context) {
        return ((type * Vp8Tables.BANDS + Vp8Tables.BAND[n]) * Vp8Tables.CONTEXTS + context) * Vp8Tables.TOKENS;
    }

    private int probability(int at) {
        return probabilities[at] & 0xFF;
    }
}
