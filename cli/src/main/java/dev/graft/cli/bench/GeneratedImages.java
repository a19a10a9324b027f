package dev.graft.cli.bench;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Images that nobody has to bring along: small PNG files of noise, in ten classes. No two are equal, neither within a
/// series nor of two series, nor when there are more of a series; the same series and number always give the same
/// images.
///
/// @param series a small number
/// @param count  how many, below 2²⁰
record GeneratedImages(int series, int count) {
    /// A class that they are divided into.
    static final String LABEL = label(0);

    private static final int LABELS = 10;
    private static final int COUNT_BITS = 20;
    private static final int SIDE_PIXELS = 16;

    /// Writes them as a tar archive, `LABEL/NUMBER.png`, one after the other: about 1.5 KB of disk for each, and the
    /// memory of one.
    ///
    /// @throws IOException when the disk fails
    void write(Path archive) throws IOException {
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(archive)))) {
            for (int number = 0; number < count; number++) {
                byte[] image = png(number);
                TarArchiveEntry entry = new TarArchiveEntry(label(number % LABELS) + "/" + number + ".png");
                entry.setSize(image.length);
                entry.setModTime(0);
                tar.putArchiveEntry(entry);
                tar.write(image);
                tar.closeArchiveEntry();
            }
        }
    }

    private static String label(int label) {
        return "label-" + label;
    }

    private byte[] png(int number) throws IOException {
        BufferedImage image = new BufferedImage(SIDE_PIXELS, SIDE_PIXELS, BufferedImage.TYPE_INT_RGB);
        SplittableRandom noise = new SplittableRandom(((long) series << COUNT_BITS | count) << COUNT_BITS | number);
        for (int row = 0; row < SIDE_PIXELS; row++) {
            for (int column = 0; column < SIDE_PIXELS; column++) {
                image.setRGB(column, row, noise.nextInt());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("this Java writes no PNG files");
            }
        }
        return bytes.toByteArray();
    }
}
