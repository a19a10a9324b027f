package dev.graft.vision;

/// Holds a decoded picture before its transparency is laid on white.
///
/// @param rgb uint8 [height, width, 3]
/// @param alpha uint8 [height, width], 255 where nothing shines through
record Rgba(int width, int height, byte[] rgb, byte[] alpha) {
    /// Takes pixels that are alpha << 24 | red << 16 | green << 8 | blue.
    static Rgba of(int width, int height, int[] argb) {
        byte[] rgb = new byte[Math.multiplyExact(argb.length, 3)];
        byte[] alpha = new byte[argb.length];
        for (int i = 0, to = 0; i < argb.length; i++, to += 3) {
            int pixel = argb[i];
            alpha[i] = (byte) (pixel >> 24);
            rgb[to] = (byte) (pixel >> 16);
            rgb[to + 1] = (byte) (pixel >> 8);
            rgb[to + 2] = (byte) pixel;
        }
        return new Rgba(width, height, rgb, alpha);
    }

    /// Returns the picture on white; the array is used for it.
    Pixels onWhite() {
        for (int i = 0, at = 0; i < alpha.length; i++, at += 3) {
            int opacity = alpha[i] & 0xFF;
            if (opacity != 255) {
                for (int channel = at; channel < at + 3; channel++) {
                    int sum = (rgb[channel] & 0xFF) * opacity + 255 * (255 - opacity);
                    rgb[channel] = (byte) ((sum + 127) / 255);
                }
            }
        }
        return new Pixels(width, height, rgb);
    }
}
