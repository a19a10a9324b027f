package dev.graft.vision.webp;

import java.util.Arrays;

/// Holds the samples of one plane in whole macroblocks, with a border to predict from: one row of 127 above and one
/// column of 129 to the left (RFC 6386, section 12.2).
final class Plane {
    private static final int BORDER = 1;

    /// Samples to the right of the row above that 4 × 4 blocks may look at.
    private static final int RIGHT = 4;

    final int stride;
    final byte[] samples;

    Plane(int width, int height) {
        stride = BORDER + width + RIGHT;
        samples = new byte[Math.multiplyExact(stride, BORDER + height)];
        Arrays.fill(samples, 0, stride, (byte) 127);
        for (int y = BORDER; y <= height; y++) {
            samples[y * stride] = (byte) 129;
        }
    }

    int offset(int column, int row) {
        return (row + BORDER) * stride + column + BORDER;
    }
}
