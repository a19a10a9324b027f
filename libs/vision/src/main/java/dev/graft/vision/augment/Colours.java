package dev.graft.vision.augment;

/// Changes brightness, contrast and saturation as Pillow's `ImageEnhance` does, to the last bit: each is a
/// blend of the picture with a duller one, which is black, of one grey, or grey (`ImageEnhance.py`;
/// `ImagingBlend` in `src/libImaging/Blend.c`, in single precision, cut off to whole numbers).
///
/// Pictures are uint8 [height, width, 3] and changed in place.
final class Colours {
    private Colours() {}

    static void brighten(byte[] rgb, double factor) {
        if (factor != 1) {
            replace(rgb, blended(0, factor));
        }
    }

    static void contrast(byte[] rgb, double factor) {
        if (factor != 1) {
            long sum = 0;
            for (int i = 0; i < rgb.length; i += 3) {
                sum += grey(rgb, i);
            }
            int pixels = rgb.length / 3;
            int mean = (int) ((double) sum / pixels + 0.5);
            replace(rgb, blended(mean, factor));
        }
    }

    static void saturate(byte[] rgb, double factor) {
        if (factor == 1) {
            return;
        }
        float share = (float) factor;
        for (int i = 0; i < rgb.length; i += 3) {
            int grey = grey(rgb, i);
            for (int channel = i; channel < i + 3; channel++) {
                rgb[channel] = blend(grey, rgb[channel] & 0xFF, share);
            }
        }
    }

    /// Weighs the channels as ITU-R BT.601 does, in 16 bits (`L24` in Pillow's `src/libImaging/Convert.c`).
    private static int grey(byte[] rgb, int at) {
        return ((rgb[at] & 0xFF) * 19595 + (rgb[at + 1] & 0xFF) * 38470 + (rgb[at + 2] & 0xFF) * 7471 + 0x8000) >> 16;
    }

    private static byte[] blended(int dull, double factor) {
        byte[] table = new byte[256];
        for (int sample = 0; sample < table.length; sample++) {
            table[sample] = blend(dull, sample, (float) factor);
        }
        return table;
    }

    private static byte blend(int dull, int sample, float share) {
        return (byte) Math.clamp((int) (dull + share * (sample - dull)), 0, 255);
    }

    private static void replace(byte[] rgb, byte[] table) {
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = table[rgb[i] & 0xFF];
        }
    }
}
