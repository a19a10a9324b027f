package dev.graft.testkit;

import java.awt.image.BufferedImage;
import java.util.HexFormat;
import java.util.Random;

/// Images that are much work or much memory for who reads them.
public final class LargeImages {
    /// A lossless WebP of 10,000 × 10,000 pixels of one colour.
    private static final String PLAIN_WEBP = "524946461a000000574542505650384c0d0000002f0fe7c309285e91cbd3ff020000";

    private LargeImages() {}

    /// Gives a file of 34 bytes that holds 100 megapixels.
    public static byte[] tinyWebp() {
        return HexFormat.of().parseHex(PLAIN_WEBP);
    }

    /// Gives a PNG that is small as a file; 7,000 pixels a side take about a second to decode.
    public static byte[] diagonalPng(int sidePixels) {
        BufferedImage image = new BufferedImage(sidePixels, sidePixels, BufferedImage.TYPE_3BYTE_BGR);
        for (int x = 0; x < sidePixels; x++) {
            image.setRGB(x, x, x);
        }
        return Png.of(image);
    }

    /// Gives a PNG of random pixels, which take three bytes each in the file.
    public static byte[] noisePng(int sidePixels) {
        BufferedImage image = new BufferedImage(sidePixels, sidePixels, BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(sidePixels);
        for (int y = 0; y < sidePixels; y++) {
            for (int x = 0; x < sidePixels; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return Png.of(image);
    }
}
