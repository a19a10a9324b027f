package dev.graft.vision.jpeg;

import java.util.Arrays;

/// Transforms blocks whose coefficients are larger than those of any picture, as damaged files have them: like
/// [InverseDct], with 16 bits for what libjpeg-turbo keeps in 16 bits on x86 (`jidctint-avx2.asm`):
/// coefficients, sums of two of them, which wrap, and the results of columns, which are clipped.
final class WideInverseDct {
    private WideInverseDct() {}

    /// Transforms a block.
    ///
    /// @param block dequantised coefficients in natural order; used as working space
    static void transform(int[] block, byte[] samples, int offset, int stride) {
        boolean isFlat = true;
        for (int i = 0; i < 64; i++) {
            block[i] = (short) block[i];
            isFlat &= i < 8 || block[i] == 0;
        }
        int[] sums = new int[8];
        for (int column = 0; column < 8; column++) {
            if (isFlat) {
                Arrays.fill(sums, (short) (block[column] << InverseDct.PASS1_BITS));
            } else {
                transform(block, column, 8, InverseDct.PASS1_SHIFT, sums);
            }
            for (int i = 0; i < 8; i++) {
                block[column + 8 * i] = Math.clamp(sums[i], Short.MIN_VALUE, Short.MAX_VALUE);
            }
        }
        for (int row = 0, at = offset; row < 8; row++, at += stride) {
            transform(block, row * 8, 1, InverseDct.PASS2_SHIFT, sums);
            for (int i = 0; i < 8; i++) {
                samples[at + i] = InverseDct.clamp(sums[i] + 128);
            }
        }
    }

    private static void transform(int[] block, int first, int step, int shift, int[] sums) {
        int in1 = block[first + step];
        int in2 = block[first + 2 * step];
        int in3 = block[first + 3 * step];
        int in5 = block[first + 5 * step];
        int in6 = block[first + 6 * step];
        int in7 = block[first + 7 * step];
        int z1 = (in2 + in6) * InverseDct.FIX_0_541196100;
        int even2 = z1 - in6 * InverseDct.FIX_1_847759065;
        int even3 = z1 + in2 * InverseDct.FIX_0_765366865;
        int even0 = (short) (block[first] + block[first + 4 * step]) << InverseDct.CONST_BITS;
        int even1 = (short) (block[first] - block[first + 4 * step]) << InverseDct.CONST_BITS;
        int sum73 = (short) (in7 + in3);
        int sum51 = (short) (in5 + in1);
        int z5 = (sum73 + sum51) * InverseDct.FIX_1_175875602;
        int z3 = z5 - sum73 * InverseDct.FIX_1_961570560;
        int z4 = z5 - sum51 * InverseDct.FIX_0_390180644;
        int y1 = (in7 + in1) * InverseDct.FIX_0_899976223;
        int y2 = (in5 + in3) * InverseDct.FIX_2_562915447;
        int odd0 = in7 * InverseDct.FIX_0_298631336 - y1 + z3;
        int odd1 = in5 * InverseDct.FIX_2_053119869 - y2 + z4;
        int odd2 = in3 * InverseDct.FIX_3_072711026 - y2 + z3;
        int odd3 = in1 * InverseDct.FIX_1_501321110 - y1 + z4;
        int half = 1 << shift - 1;
        sums[0] = even0 + even3 + odd3 + half >> shift;
        sums[7] = even0 + even3 - odd3 + half >> shift;
        sums[1] = even1 + even2 + odd2 + half >> shift;
        sums[6] = even1 + even2 - odd2 + half >> shift;
        sums[2] = even1 - even2 + odd1 + half >> shift;
        sums[5] = even1 - even2 - odd1 + half >> shift;
        sums[3] = even0 - even3 + odd0 + half >> shift;
        sums[4] = even0 - even3 - odd0 + half >> shift;
    }
}
