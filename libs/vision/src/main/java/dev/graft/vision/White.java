package dev.graft.vision;

/// Lays colours on white.
final class White {
    private White() {}

    /// Lays a picture on white, in place.
    ///
    /// @param rgb uint8 [pixels, 3]
    /// @param alpha uint8 [pixels], 255 where nothing shines through
    static void lay(byte[] rgb, byte[] alpha) {
        for (int i = 0, at = 0; i < alpha.length; i++, at += 3) {
            layPixel(rgb, at, alpha[i] & 0xFF);
        }
    }

    /// Returns a picture on white.
    ///
    /// @param argb alpha << 24 | red << 16 | green << 8 | blue
    /// @return uint8 [pixels, 3]
    static byte[] rgb(int[] argb) {
        byte[] rgb = new byte[Math.multiplyExact(argb.length, 3)];
        for (int i = 0, to = 0; i < argb.length; i++, to += 3) {
            int pixel = argb[i];
            rgb[to] = (byte) (pixel >> 16);
            rgb[to + 1] = (byte) (pixel >> 8);
            rgb[to + 2] = (byte) pixel;
            layPixel(rgb, to, pixel >>> 24);
        }
        return rgb;
    }

    /// Lays the pixel at a place on white.
    ///
    /// @param opacity 0 … 255
    static void layPixel(byte[] rgb, int at, int opacity) {
        if (opacity != 255) {
            for (int channel = at; channel < at + 3; channel++) {
                int sum = (rgb[channel] & 0xFF) * opacity + 255 * (255 - opacity);
                rgb[channel] = (byte) ((sum + 127) / 255);
            }
        }
    }

    /// Lays a pixel on white whose colours are multiplied by its opacity already.
    static void layMultiplied(byte[] rgb, int at, int opacity) {
        for (int channel = at; channel < at + 3; channel++) {
            rgb[channel] = (byte) Math.min((rgb[channel] & 0xFF) + 255 - opacity, 255);
        }
    }
}
