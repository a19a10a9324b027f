package dev.graft.feature;

import dev.graft.testkit.Png;
import java.awt.image.BufferedImage;
import java.util.Random;

/// Draws images that no other test has.
final class DrawnImages {
    private DrawnImages() {}

    /// Gives a small PNG of random pixels.
    static byte[] small(long seed) {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return Png.of(image);
    }

    /// Gives a small PNG of one colour, which is another one each time.
    static byte[] plain() {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        int colour = new Random().nextInt(1 << 24);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, colour);
            }
        }
        return Png.of(image);
    }
}
