package dev.graft.vision.jpeg;

/// Transforms 8 × 8 coefficients to samples: the accurate integer method of Loeffler, Ligtenberg and Moschytz
/// exactly as in libjpeg-turbo's `jidctint.c` (`jpeg_idct_islow`).
final class InverseDct {
    static final int CONST_BITS = 13;
    static final int PASS1_BITS = 2;
    static final int PASS1_SHIFT = CONST_BITS - PASS1_BITS;
    private static final int PASS1_HALF = 1 << (PASS1_SHIFT - 1);
    static final int PASS2_SHIFT = CONST_BITS + PASS1_BITS + 3;

    /// Rounding, and the level shift of 128.
    private static final int PASS2_HALF = (1 << (PASS2_SHIFT - 1)) + (128 << PASS2_SHIFT);

    static final int FIX_0_298631336 = 2446;
    static final int FIX_0_390180644 = 3196;
    static final int FIX_0_541196100 = 4433;
    static final int FIX_0_765366865 = 6270;
    static final int FIX_0_899976223 = 7373;
    static final int FIX_1_175875602 = 9633;
    static final int FIX_1_501321110 = 12299;
    static final int FIX_1_847759065 = 15137;
    static final int FIX_1_961570560 = 16069;
    static final int FIX_2_053119869 = 16819;
    static final int FIX_2_562915447 = 20995;
    static final int FIX_3_072711026 = 25172;

    /// With all others below, a column's sums stay below 11,000, and with the first one below its bound, 16,384: two
    /// added stay within 16 bits (4 × (|dc| + 7 × 1.387 × |other|)).
    private static final int MAX_OTHERS = 256;

    private static final int MAX_DC = 1_200;

    private InverseDct() {}

    /// Says whether coefficients are so small that no sum leaves 16 bits, in which libjpeg-turbo computes. Those of a
    /// picture nearly always are; others are left to [WideInverseDct].
    ///
    /// @param dc the dequantised first coefficient
    /// @param others all others, each with its sign's complement, or-ed
    static boolean fits(int dc, int others) {
        return others < MAX_OTHERS && dc > -MAX_DC && dc < MAX_DC;
    }

    /// Fills a block that has no coefficient but the first.
    ///
    /// @param dc the dequantised first coefficient
    static void constant(int dc, byte[] samples, int offset, int stride) {
        byte sample = clamp(((short) (dc << PASS1_BITS) + 16 >> 5) + 128);
        for (int y = 0, at = offset; y < 8; y++, at += stride) {
            for (int x = 0; x < 8; x++) {
                samples[at + x] = sample;
            }
        }
    }

    /// Transforms a block.
    ///
    /// @param block dequantised coefficients in natural order, which fit; used as working space
    static void transform(int[] block, byte[] samples, int offset, int stride) {
        for (int column = 0; column < 8; column++) {
            transformColumn(block, column);
        }
        for (int row = 0, at = offset; row < 64; row += 8, at += stride) {
            transformRow(block, row, samples, at);
        }
    }

    /// Transforms a block that has coefficients only in its upper left quarter: the same arithmetic without the zeros.
    ///
    /// @param block dequantised coefficients in natural order, which fit; used as working space
    static void transformLow(int[] block, byte[] samples, int offset, int stride) {
        for (int column = 0; column < 4; column++) {
            transformLowColumn(block, column);
        }
        for (int row = 0, at = offset; row < 64; row += 8, at += stride) {
            transformLowRow(block, row, samples, at);
        }
    }

    private static void transformLowColumn(int[] block, int column) {
        int in1 = block[column + 8];
        int in2 = block[column + 16];
        int in3 = block[column + 24];
        int even = (block[column] << CONST_BITS) + PASS1_HALF;
        int even2 = in2 * FIX_0_541196100;
        int even3 = even2 + in2 * FIX_0_765366865;
        int z5 = (in3 + in1) * FIX_1_175875602;
        int z3 = z5 - in3 * FIX_1_961570560;
        int z4 = z5 - in1 * FIX_0_390180644;
        int y1 = in1 * FIX_0_899976223;
        int y2 = in3 * FIX_2_562915447;
        int odd0 = z3 - y1;
        int odd1 = z4 - y2;
        int odd2 = in3 * FIX_3_072711026 - y2 + z3;
        int odd3 = in1 * FIX_1_501321110 - y1 + z4;

        block[column] = (even + even3 + odd3) >> PASS1_SHIFT;
        block[column + 56] = (even + even3 - odd3) >> PASS1_SHIFT;
        block[column + 8] = (even + even2 + odd2) >> PASS1_SHIFT;
        block[column + 48] = (even + even2 - odd2) >> PASS1_SHIFT;
        block[column + 16] = (even - even2 + odd1) >> PASS1_SHIFT;
        block[column + 40] = (even - even2 - odd1) >> PASS1_SHIFT;
        block[column + 24] = (even - even3 + odd0) >> PASS1_SHIFT;
        block[column + 32] = (even - even3 - odd0) >> PASS1_SHIFT;
    }

    private static void transformLowRow(int[] block, int row, byte[] samples, int at) {
        int in1 = block[row + 1];
        int in2 = block[row + 2];
        int in3 = block[row + 3];
        int even = (block[row] << CONST_BITS) + PASS2_HALF;
        int even2 = in2 * FIX_0_541196100;
        int even3 = even2 + in2 * FIX_0_765366865;
        int z5 = (in3 + in1) * FIX_1_175875602;
        int z3 = z5 - in3 * FIX_1_961570560;
        int z4 = z5 - in1 * FIX_0_390180644;
        int y1 = in1 * FIX_0_899976223;
        int y2 = in3 * FIX_2_562915447;
        int odd0 = z3 - y1;
        int odd1 = z4 - y2;
        int odd2 = in3 * FIX_3_072711026 - y2 + z3;
        int odd3 = in1 * FIX_1_501321110 - y1 + z4;

        samples[at] = clamp((even + even3 + odd3) >> PASS2_SHIFT);
        samples[at + 7] = clamp((even + even3 - odd3) >> PASS2_SHIFT);
        samples[at + 1] = clamp((even + even2 + odd2) >> PASS2_SHIFT);
        samples[at + 6] = clamp((even + even2 - odd2) >> PASS2_SHIFT);
        samples[at + 2] = clamp((even - even2 + odd1) >> PASS2_SHIFT);
        samples[at + 5] = clamp((even - even2 - odd1) >> PASS2_SHIFT);
        samples[at + 3] = clamp((even - even3 + odd0) >> PASS2_SHIFT);
        samples[at + 4] = clamp((even - even3 - odd0) >> PASS2_SHIFT);
    }

    private static void transformColumn(int[] block, int column) {
        int in1 = block[column + 8];
        int in2 = block[column + 16];
        int in3 = block[column + 24];
        int in4 = block[column + 32];
        int in5 = block[column + 40];
        int in6 = block[column + 48];
        int in7 = block[column + 56];
        if ((in1 | in2 | in3 | in4 | in5 | in6 | in7) == 0) {
            int dc = block[column] << PASS1_BITS;
            for (int i = column; i < 64; i += 8) {
                block[i] = dc;
            }
            return;
        }
        int z1 = (in2 + in6) * FIX_0_541196100;
        int even2 = z1 - in6 * FIX_1_847759065;
        int even3 = z1 + in2 * FIX_0_765366865;
        int even0 = ((block[column] + in4) << CONST_BITS) + PASS1_HALF;
        int even1 = ((block[column] - in4) << CONST_BITS) + PASS1_HALF;
        int sum0 = even0 + even3;
        int sum3 = even0 - even3;
        int sum1 = even1 + even2;
        int sum2 = even1 - even2;

        int z5 = (in7 + in3 + in5 + in1) * FIX_1_175875602;
        int z3 = z5 - (in7 + in3) * FIX_1_961570560;
        int z4 = z5 - (in5 + in1) * FIX_0_390180644;
        int y1 = (in7 + in1) * FIX_0_899976223;
        int y2 = (in5 + in3) * FIX_2_562915447;
        int odd0 = in7 * FIX_0_298631336 - y1 + z3;
        int odd1 = in5 * FIX_2_053119869 - y2 + z4;
        int odd2 = in3 * FIX_3_072711026 - y2 + z3;
        int odd3 = in1 * FIX_1_501321110 - y1 + z4;

        block[column] = (sum0 + odd3) >> PASS1_SHIFT;
        block[column + 56] = (sum0 - odd3) >> PASS1_SHIFT;
        block[column + 8] = (sum1 + odd2) >> PASS1_SHIFT;
        block[column + 48] = (sum1 - odd2) >> PASS1_SHIFT;
        block[column + 16] = (sum2 + odd1) >> PASS1_SHIFT;
        block[column + 40] = (sum2 - odd1) >> PASS1_SHIFT;
        block[column + 24] = (sum3 + odd0) >> PASS1_SHIFT;
        block[column + 32] = (sum3 - odd0) >> PASS1_SHIFT;
    }

    private static void transformRow(int[] block, int row, byte[] samples, int at) {
        int in1 = block[row + 1];
        int in2 = block[row + 2];
        int in3 = block[row + 3];
        int in4 = block[row + 4];
        int in5 = block[row + 5];
        int in6 = block[row + 6];
        int in7 = block[row + 7];
        int z1 = (in2 + in6) * FIX_0_541196100;
        int even2 = z1 - in6 * FIX_1_847759065;
        int even3 = z1 + in2 * FIX_0_765366865;
        int even0 = ((block[row] + in4) << CONST_BITS) + PASS2_HALF;
        int even1 = ((block[row] - in4) << CONST_BITS) + PASS2_HALF;
        int sum0 = even0 + even3;
        int sum3 = even0 - even3;
        int sum1 = even1 + even2;
        int sum2 = even1 - even2;

        int z5 = (in7 + in3 + in5 + in1) * FIX_1_175875602;
        int z3 = z5 - (in7 + in3) * FIX_1_961570560;
        int z4 = z5 - (in5 + in1) * FIX_0_390180644;
        int y1 = (in7 + in1) * FIX_0_899976223;
        int y2 = (in5 + in3) * FIX_2_562915447;
        int odd0 = in7 * FIX_0_298631336 - y1 + z3;
        int odd1 = in5 * FIX_2_053119869 - y2 + z4;
        int odd2 = in3 * FIX_3_072711026 - y2 + z3;
        int odd3 = in1 * FIX_1_501321110 - y1 + z4;

        samples[at] = clamp((sum0 + odd3) >> PASS2_SHIFT);
        samples[at + 7] = clamp((sum0 - odd3) >> PASS2_SHIFT);
        samples[at + 1] = clamp((sum1 + odd2) >> PASS2_SHIFT);
        samples[at + 6] = clamp((sum1 - odd2) >> PASS2_SHIFT);
        samples[at + 2] = clamp((sum2 + odd1) >> PASS2_SHIFT);
        samples[at + 5] = clamp((sum2 - odd1) >> PASS2_SHIFT);
        samples[at + 3] = clamp((sum3 + odd0) >> PASS2_SHIFT);
        samples[at + 4] = clamp((sum3 - odd0) >> PASS2_SHIFT);
    }

    static byte clamp(int sample) {
        return (byte) Math.clamp(sample, 0, 255);
    }
}
