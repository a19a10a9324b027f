package dev.graft.cli.augmentation;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Lays out square images in rows on white: an original, a gap, and its variants.
final class ContactSheet {
    private static final int GAP_PIXELS = 4;
    private static final int MARGIN_PIXELS = 8;
    private static final int GAP_BEHIND_ORIGINAL_PIXELS = 16;

    private final int sizePixels;
    private final int variants;
    private final List<byte[][]> rows = new ArrayList<>();

    /// @param sizePixels side of each image
    /// @param variants   how many there are of each original
    ContactSheet(int sizePixels, int variants) {
        this.sizePixels = sizePixels;
        this.variants = variants;
    }

    /// Adds a row.
    ///
    /// @param images the original and its variants, each uint8 [size, size, 3], red, green, blue
    void add(byte[][] images) {
        if (images.length != 1 + variants) {
            throw new IllegalArgumentException(
                    "A row has an original and %d variants, not %d images".formatted(variants, images.length));
        }
        rows.add(images);
    }

    int rows() {
        return rows.size();
    }

    BufferedImage image() {
        int step = sizePixels + GAP_PIXELS;
        BufferedImage image = new BufferedImage(
                left(variants) + sizePixels + MARGIN_PIXELS,
                2 * MARGIN_PIXELS + rows.size() * step - GAP_PIXELS,
                BufferedImage.TYPE_3BYTE_BGR);
        // Without Graphics2D, which wants fonts that a server may not have.
        Arrays.fill(((DataBufferByte) image.getRaster().getDataBuffer()).getData(), (byte) 255);
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column <= variants; column++) {
                paint(rows.get(row)[column], image, left(column), MARGIN_PIXELS + row * step);
            }
        }
        return image;
    }

    private int left(int column) {
        int left = MARGIN_PIXELS + column * (sizePixels + GAP_PIXELS);
        return column == 0 ? left : left - GAP_PIXELS + GAP_BEHIND_ORIGINAL_PIXELS;
    }

    private void paint(byte[] rgb, BufferedImage image, int left, int top) {
        int[] pixels = new int[sizePixels * sizePixels];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
        }
        image.setRGB(left, top, sizePixels, sizePixels, pixels, 0, sizePixels);
    }
}
