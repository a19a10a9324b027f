package dev.graft.predict;

import dev.graft.testkit.Png;
import java.awt.image.BufferedImage;
import java.util.Random;

/// Images that are made, not found.
final class TestImages {
    private TestImages() {}

    /// Gives an image of coloured rectangles; equal seeds give equal images.
    static byte[] png(long seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(300, 260, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 40; i++) {
            int rgb = random.nextInt(1 << 24);
            int left = random.nextInt(280);
            int top = random.nextInt(240);
            for (int y = top; y < top + 20; y++) {
                for (int x = left; x < left + 20; x++) {
                    image.setRGB(x, y, rgb);
                }
            }
        }
        return Png.of(image);
    }
}
