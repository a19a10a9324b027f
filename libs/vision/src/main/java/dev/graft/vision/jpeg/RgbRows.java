package dev.graft.vision.jpeg;

import java.util.List;

/// Turns the kept samples of a frame into RGB, with the integer formulas of libjpeg's `jdcolor.c`, and those of
/// Pillow's `Convert.c` (`cmyk2rgb`) for four components.
final class RgbRows {
    private static final int SHIFT = 16;
    private static final int HALF = 1 << (SHIFT - 1);
    private static final int FIX_1_40200 = 91881;
    private static final int FIX_1_77200 = 116130;
    private static final int FIX_0_71414 = 46802;
    private static final int FIX_0_34414 = 22554;

    private final Frame frame;
    private final ColourModel model;
    private final List<Upsampler> upsamplers;
    private final byte[][] lines;
    private final int width;

    /// Prepares reading the columns from `left` on.
    RgbRows(Frame frame, ColourModel model, int left, int width) {
        this.frame = frame;
        this.model = model;
        this.width = width;
        this.upsamplers = frame.components().stream()
                .map(component -> Upsampler.of(component, frame, left, width))
                .toList();
        this.lines = new byte[upsamplers.size()][width];
    }

    /// Returns rows as uint8 [height, width, 3].
    byte[] read(int top, int height) {
        if (frame.progressive()) {
            frame.components().forEach(Coefficients::transform);
        }
        byte[] rgb = new byte[width * height * 3];
        for (int y = 0, to = 0; y < height; y++, to += width * 3) {
            for (int i = 0; i < lines.length; i++) {
                upsamplers.get(i).row(top + y, lines[i]);
            }
            switch (model) {
                case GREY -> interleave(lines[0], lines[0], lines[0], rgb, to);
                case RGB -> interleave(lines[0], lines[1], lines[2], rgb, to);
                case YCC -> convertYcc(lines[0], lines[1], lines[2], rgb, to);
                case CMYK -> {
                    interleave(lines[0], lines[1], lines[2], rgb, to);
                    addBlack(lines[3], rgb, to, 0, 0);
                }
                case YCCK -> {
                    convertYcc(lines[0], lines[1], lines[2], rgb, to);
                    addBlack(lines[3], rgb, to, 0xFF, 0);
                }
                case INKS -> {
                    interleave(lines[0], lines[1], lines[2], rgb, to);
                    addBlack(lines[3], rgb, to, 0xFF, 0xFF);
                }
            }
        }
        return rgb;
    }

    private static void interleave(byte[] red, byte[] green, byte[] blue, byte[] rgb, int offset) {
        for (int x = 0, to = offset; x < red.length; x++, to += 3) {
            rgb[to] = red[x];
            rgb[to + 1] = green[x];
            rgb[to + 2] = blue[x];
        }
    }

    private static void convertYcc(byte[] luma, byte[] blueDifference, byte[] redDifference, byte[] rgb, int offset) {
        for (int x = 0, to = offset; x < luma.length; x++, to += 3) {
            int y = luma[x] & 0xFF;
            int cb = (blueDifference[x] & 0xFF) - 128;
            int cr = (redDifference[x] & 0xFF) - 128;
            rgb[to] = clamp(y + ((FIX_1_40200 * cr + HALF) >> SHIFT));
            rgb[to + 1] = clamp(y + ((HALF - FIX_0_34414 * cb - FIX_0_71414 * cr) >> SHIFT));
            rgb[to + 2] = clamp(y + ((FIX_1_77200 * cb + HALF) >> SHIFT));
        }
    }

    /// Darkens by the fourth component. Adobe stores all four inverted, and everyone follows; so a stored sample is the
    /// part of light that an ink lets through. Of YCCK the first three come as their complement.
    ///
    /// @param complement 0xFF when the first three are amounts of ink already
    /// @param blackComplement 0xFF when the fourth is
    private static void addBlack(byte[] black, byte[] rgb, int offset, int complement, int blackComplement) {
        for (int x = 0, to = offset; x < black.length; x++, to += 3) {
            int through = (black[x] & 0xFF) ^ blackComplement;
            for (int i = to; i < to + 3; i++) {
                int ink = 255 - ((rgb[i] & 0xFF) ^ complement);
                int product = ink * through + 128;
                rgb[i] = clamp(through - (((product >> 8) + product) >> 8));
            }
        }
    }

    private static byte clamp(int sample) {
        return (byte) Math.clamp(sample, 0, 255);
    }
}
