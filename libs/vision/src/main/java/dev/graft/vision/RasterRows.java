package dev.graft.vision;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/// Turns the samples that ImageIO gives into RGB on white, row by row.
final class RasterRows {
    /// Says what a band behind the colours means.
    enum Opacity {
        /// Nothing; there may be none.
        NONE,
        /// How much the colours cover what lies behind them.
        PLAIN,
        /// The same, and the colours are multiplied by it already.
        ASSOCIATED
    }

    private final BufferedImage image;
    private final Raster raster;
    private final Opacity opacity;
    private final int bands;
    private final int shift;
    private final int[] samples;

    /// Prepares the rows of a picture.
    ///
    /// @param opacity what the last band means
    RasterRows(BufferedImage image, Opacity opacity) {
        this.image = image;
        this.raster = image.getRaster();
        this.opacity = opacity;
        this.bands = raster.getNumBands();
        this.shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
        this.samples = new int[raster.getWidth() * bands];
    }

    /// Returns what the last band of a picture means where its format has nothing but plain opacity.
    static Opacity usualOpacity(BufferedImage image) {
        int bands = image.getRaster().getNumBands();
        return bands == 2 || bands == 4 ? Opacity.PLAIN : Opacity.NONE;
    }

    /// Writes all rows.
    ///
    /// @param rgb receives uint8 [rows, columns, 3] from `offset`
    void write(byte[] rgb, int offset) {
        write(0, raster.getHeight(), 0, raster.getWidth(), rgb, offset);
    }

    /// Writes some rows.
    ///
    /// @param rgb receives uint8 [rows, columns, 3] from `offset`
    void write(int top, int rows, int left, int columns, byte[] rgb, int offset) {
        @Nullable IndexColorModel palette = image.getColorModel() instanceof IndexColorModel indexed ? indexed : null;
        boolean isInk = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK;
        for (int y = top, to = offset; y < top + rows; y++, to += columns * 3) {
            raster.getPixels(left, y, columns, 1, samples);
            if (palette != null) {
                takePalette(palette, columns, rgb, to);
            } else if (isInk) {
                takeInks(columns, rgb, to);
            } else {
                takeSamples(columns, rgb, to);
            }
        }
    }

    private void takePalette(IndexColorModel palette, int columns, byte[] rgb, int offset) {
        for (int x = 0, to = offset; x < columns; x++, to += 3) {
            int index = samples[x * bands];
            rgb[to] = (byte) palette.getRed(index);
            rgb[to + 1] = (byte) palette.getGreen(index);
            rgb[to + 2] = (byte) palette.getBlue(index);
            White.layPixel(rgb, to, palette.getAlpha(index));
        }
    }

    /// Takes grey or RGB, and opacity behind them; of wide samples the upper eight bits.
    private void takeSamples(int columns, byte[] rgb, int offset) {
        boolean isGrey = bands < 3;
        for (int x = 0, from = 0, to = offset; x < columns; x++, from += bands, to += 3) {
            rgb[to] = (byte) (samples[from] >> shift);
            rgb[to + 1] = (byte) (samples[isGrey ? from : from + 1] >> shift);
            rgb[to + 2] = (byte) (samples[isGrey ? from : from + 2] >> shift);
            switch (opacity) {
                case NONE -> {}
                case PLAIN -> White.layPixel(rgb, to, samples[from + bands - 1] >> shift);
                case ASSOCIATED -> White.layMultiplied(rgb, to, samples[from + bands - 1] >> shift);
            }
        }
    }

    /// Takes cyan, magenta, yellow and black, and no bands behind them, as Pillow does (`cmyk2rgb` in `Convert.c`).
    private void takeInks(int columns, byte[] rgb, int offset) {
        for (int x = 0, from = 0, to = offset; x < columns; x++, from += bands) {
            int through = 255 - (samples[from + 3] >> shift);
            for (int i = 0; i < 3; i++, to++) {
                int product = (samples[from + i] >> shift) * through + 128;
                rgb[to] = (byte) Math.clamp(through - (((product >> 8) + product) >> 8), 0, 255);
            }
        }
    }
}
