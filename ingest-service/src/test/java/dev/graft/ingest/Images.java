package dev.graft.ingest;

import dev.graft.testkit.Png;
import java.awt.image.BufferedImage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// Makes small images that no other test has.
public final class Images {
    private static final AtomicLong SEEDS = new AtomicLong(System.nanoTime());

    private Images() {}

    /// Makes a PNG of 24 × 16 pixels.
    public static byte[] png() {
        Random random = new Random(SEEDS.getAndIncrement());
        BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 24; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return Png.of(image);
    }

    /// Gives the id that an image must get.
    public static String id(byte[] file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
