package dev.graft.vision;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.nio.ByteOrder;
import java.util.Set;

/// Checks what ImageIO's reader of BMP would pass over: pictures of other formats inside, which know no limits,
/// impossible palettes, missing rows, and runs that leave the picture.
final class BmpImage {
    private static final int INFORMATION_HEADER_BYTES = 40;
    private static final int MAX_COLOURS = 256;
    private static final int ROWS = 6;
    private static final int RUNS_OF_BYTES = 1;
    private static final int RUNS_OF_NIBBLES = 2;

    /// None, both kinds of runs, and masks of colours without and with transparency.
    private static final Set<Long> COMPRESSIONS = Set.of(0L, 1L, 2L, 3L, 6L);

    private BmpImage() {}

    static StoredImage open(byte[] file, DecodeLimits limits) throws UndecodableImageException {
        ByteReader reader = new ByteReader(file, ByteOrder.LITTLE_ENDIAN);
        boolean isCore = reader.u32(14) < INFORMATION_HEADER_BYTES;
        int bitsPerPixel = reader.u16(isCore ? 24 : 28);
        long compression = isCore ? 0 : reader.u32(30);
        if (!COMPRESSIONS.contains(compression)) {
            throw UndecodableImageException.unsupported("A bitmap with compression " + compression);
        }
        if (!isCore && bitsPerPixel <= 8 && reader.u32(46) > MAX_COLOURS) {
            throw UndecodableImageException.corrupt("its palette has an impossible size");
        }
        long pixels = reader.u32(10);
        if (pixels > file.length) {
            throw UndecodableImageException.truncated("it ends before the picture begins");
        }
        ImageIoImage image = image(file, bitsPerPixel);
        limits.checkDimensions(image.width(), image.height());
        if (compression == RUNS_OF_BYTES || compression == RUNS_OF_NIBBLES) {
            checkRuns(reader, pixels, image, compression == RUNS_OF_NIBBLES);
        } else {
            long rowBytes = ((long) image.width() * bitsPerPixel + 31) / 32 * 4;
            if (pixels + rowBytes * image.height() > file.length + 3L) {
                throw UndecodableImageException.truncated("it ends before the picture does");
            }
        }
        return image;
    }

    private static ImageIoImage image(byte[] file, int bitsPerPixel) throws UndecodableImageException {
        return ImageIoImage.reading(
                new ByteArrayImageInputStream(file),
                ImageFormat.BMP,
                () -> ImageIoImage.reader(ImageFormat.BMP),
                reader -> {
                    int width = reader.getWidth(0);
                    return new ImageIoImage(
                            () -> file,
                            ImageFormat.BMP,
                            width,
                            reader.getHeight(0),
                            Orientation.UPRIGHT,
                            Math.ceilDiv(bitsPerPixel, 8),
                            // Runs are copied before they are followed; a row is unpacked pixel by pixel.
                            file.length + (long) ROWS * width * Integer.BYTES,
                            region -> region);
                });
    }

    /// Walks run-length coded rows: pairs of a count and a colour; after a count of 0 an escape that ends a row
    /// (0) or the picture (1), moves (2), or gives the number of colours that follow one by one.
    private static void checkRuns(ByteReader reader, long start, ImageIoImage image, boolean nibbles)
            throws UndecodableImageException {
        long at = start;
        int x = 0;
        int y = 0;
        while (y < image.height()) {
            if (at + 2 > reader.bytes().length) {
                throw UndecodableImageException.truncated("it ends before the picture does");
            }
            int count = reader.u8(at);
            int value = reader.u8(at + 1);
            at += 2;
            if (count > 0) {
                x += count;
            } else if (value == 0) {
                x = 0;
                y++;
            } else if (value == 1) {
                return;
            } else if (value == 2) {
                x += reader.u8(at);
                y += reader.u8(at + 1);
                at += 2;
            } else {
                x += value;
                int bytes = nibbles ? (value + 1) / 2 : value;
                at += bytes + (bytes & 1);
            }
            if (x > image.width()) {
                throw UndecodableImageException.corrupt("a run of its pixels leaves the picture");
            }
        }
    }
}
