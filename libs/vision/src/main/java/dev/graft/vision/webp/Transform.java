package dev.graft.vision.webp;

/// Turns coefficients back into differences of samples (RFC 6386, section 14; `src/dsp/dec.c` of libwebp).
final class Transform {
    private Transform() {}

    /// Spreads 16 Y2 coefficients over the first coefficients of 16 blocks.
    ///
    /// @param in Y2 coefficients; used as working space
    /// @param out [16, 16]
    static void inverseWalshHadamard(int[] in, int[] out) {
        for (int i = 0; i < 4; i++) {
            int a0 = in[i] + in[12 + i];
            int a1 = in[4 + i] + in[8 + i];
            int a2 = in[4 + i] - in[8 + i];
            int a3 = in[i] - in[12 + i];
            in[i] = a0 + a1;
            in[8 + i] = a0 - a1;
            in[4 + i] = a3 + a2;
            in[12 + i] = a3 - a2;
        }
        for (int i = 0; i < 4; i++) {
            int row = 4 * i;
            int dc = in[row] + 3;
            int a0 = dc + in[row + 3];
            int a1 = in[row + 1] + in[row + 2];
            int a2 = in[row + 1] - in[row + 2];
            int a3 = dc - in[row + 3];
            out[64 * i] = (a0 + a1) >> 3;
            out[64 * i + 16] = (a3 + a2) >> 3;
            out[64 * i + 32] = (a0 - a1) >> 3;
            out[64 * i + 48] = (a3 - a2) >> 3;
        }
    }

    /// Adds the differences of one block to its prediction.
    ///
    /// @param in coefficients from `from`; used as working space
    static void addInverseDct(int[] in, int from, Plane plane, int offset) {
        for (int i = from; i < from + 4; i++) {
            int a = in[i] + in[i + 8];
            int b = in[i] - in[i + 8];
            int c = times35468(in[i + 4]) - times85627(in[i + 12]);
            int d = times85627(in[i + 4]) + times35468(in[i + 12]);
            in[i] = a + d;
            in[i + 4] = b + c;
            in[i + 8] = b - c;
            in[i + 12] = a - d;
        }
        for (int i = 0; i < 4; i++) {
            int row = from + 4 * i;
            int at = offset + i * plane.stride;
            int dc = in[row] + 4;
            int a = dc + in[row + 2];
            int b = dc - in[row + 2];
            int c = times35468(in[row + 1]) - times85627(in[row + 3]);
            int d = times85627(in[row + 1]) + times35468(in[row + 3]);
            add(plane.samples, at, a + d);
            add(plane.samples, at + 1, b + c);
            add(plane.samples, at + 2, b - c);
            add(plane.samples, at + 3, a - d);
        }
    }

    private static void add(byte[] samples, int at, int difference) {
        samples[at] = (byte) Math.clamp((samples[at] & 0xFF) + (difference >> 3), 0, 255);
    }

    private static int times85627(int value) {
        return (value * 20091 >> 16) + value;
    }

    private static int times35468(int value) {
        return value * 35468 >> 16;
    }
}
