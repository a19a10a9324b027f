package dev.graft.predict;

import dev.graft.testkit.Png;
import java.awt.image.BufferedImage;
import java.util.Random;

/// Pictures that are made, not found.
final class TestImages {
    private TestImages() {}

    /// Gives a picture of coloured rectangles; equal seeds give equal pictures.
    static byte[] png(long seed) {
        Random random = new Random(seed);
        BufferedImage picture = new BufferedImage(300, 260, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 40; i++) {
            int rgb = random.nextInt(1 << 24);
            int left = random.nextInt(280);
            int top = random.nextInt(240);
            for (int y = top; y < top + 20; y++) {
                for (int x = left; x < left + 20; x++) {
                    picture.setRGB(x, y, rgb);
                }
            }
        }
        return Png.of(picture);
    }
}
