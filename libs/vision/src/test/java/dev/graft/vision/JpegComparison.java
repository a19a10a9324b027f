package dev.graft.vision;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/// Writes down what the decoder makes of the files that `src/test/python/compare_jpeg.py` made in a folder, for it to
/// compare: the size and the CRC-32 of the pixels, or the reason of a refusal. Run its `main` with the folder.
final class JpegComparison {
    private JpegComparison() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD);
        try (DataInputStream files = new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(folder.resolve("files.bin"))));
                PrintWriter actual = new PrintWriter(Files.newBufferedWriter(folder.resolve("actual.txt")))) {
            while (true) {
                byte[] file = new byte[files.readInt()];
                files.readFully(file);
                actual.println(outcome(decoder, file));
            }
        } catch (EOFException end) {
            // All files are read.
        }
    }

    private static String outcome(ImageDecoder decoder, byte[] file) {
        try {
            return decoder.decode(file, pixels -> {
                CRC32 checksum = new CRC32();
                checksum.update(pixels.rgb());
                return "%dx%d %08x".formatted(pixels.widthPixels(), pixels.heightPixels(), checksum.getValue());
            });
        } catch (UndecodableImageException e) {
            return e.reason().name();
        }
    }
}
