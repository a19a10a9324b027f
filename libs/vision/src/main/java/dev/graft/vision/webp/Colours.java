package dev.graft.vision.webp;

/// Turns planes into RGB: chroma interpolated 9 : 3 : 3 : 1 as libwebp's `src/dsp/upsampling.c`, colours
/// converted as its `src/dsp/yuv.h`.
final class Colours {
    private Colours() {}

    /// Returns uint8 [height, width, 3].
    static byte[] rgb(Plane luma, Plane u, Plane v, int width, int height) {
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        int lastColumn = (width - 1) >> 1;
        int lastRow = (height - 1) >> 1;
        for (int y = 0, to = 0; y < height; y++) {
            int near = y >> 1;
            int far = Math.clamp((y & 1) == 0 ? near - 1 : near + 1, 0, lastRow);
            int nearRow = u.offset(0, near);
            int farRow = u.offset(0, far);
            int lumaRow = luma.offset(0, y);
            for (int x = 0; x < width; x++, to += 3) {
                int column = x >> 1;
                int other = Math.clamp((x & 1) == 0 ? column - 1 : column + 1, 0, lastColumn);
                put(
                        luma.samples[lumaRow + x] & 0xFF,
                        interpolate(u.samples, nearRow, farRow, column, other),
                        interpolate(v.samples, nearRow, farRow, column, other),
                        rgb,
                        to);
            }
        }
        return rgb;
    }

    private static int interpolate(byte[] samples, int nearRow, int farRow, int column, int other) {
        return (9 * (samples[nearRow + column] & 0xFF)
                        + 3 * (samples[nearRow + other] & 0xFF)
                        + 3 * (samples[farRow + column] & 0xFF)
                        + (samples[farRow + other] & 0xFF)
                        + 8)
                >> 4;
    }

    private static void put(int y, int u, int v, byte[] rgb, int to) {
        int light = y * 19077 >> 8;
        rgb[to] = clip(light + (v * 26149 >> 8) - 14234);
        rgb[to + 1] = clip(light - (u * 6419 >> 8) - (v * 13320 >> 8) + 8708);
        rgb[to + 2] = clip(light + (u * 33050 >> 8) - 17685);
    }

    private static byte clip(int value) {
        return (byte) Math.clamp(value >> 6, 0, 255);
    }
}
