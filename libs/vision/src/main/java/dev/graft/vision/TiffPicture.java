package dev.graft.vision;

import java.util.Set;

/// Checks what the reader of TIFF would take as it comes: tiles of any size, any number of channels, and numbers that
/// are no samples of light (TIFF 6.0, sections 8, 15 and 19).
final class TiffPicture {
    /// Compressions that the reader knows, by the value of their tag.
    private static final Set<Long> COMPRESSIONS = Set.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 32773L, 32946L);

    private static final int MAX_BITS = 16;

    /// Four channels of 16 bits, the widest of any format here: whoever reckons with memory reckons with these.
    private static final int MAX_BITS_PER_PIXEL = 64;
    private static final long UNSIGNED = 1;
    private static final long UNDEFINED = 4;

    private TiffPicture() {}

    static StoredPicture open(byte[] file, DecodeLimits limits) throws UndecodablePictureException {
        TiffDirectory directory = new TiffDirectory(file, 0);
        long compression = directory.number(TiffDirectory.COMPRESSION, 1);
        if (!COMPRESSIONS.contains(compression)) {
            throw UndecodablePictureException.unsupported("TIFF with compression " + compression);
        }
        long format = directory.number(TiffDirectory.SAMPLE_FORMAT, UNSIGNED);
        if (format != UNSIGNED && format != UNDEFINED) {
            throw UndecodablePictureException.unsupported("TIFF of numbers with a sign or a fraction");
        }
        long bits = directory.number(TiffDirectory.BITS_PER_SAMPLE, 1);
        long channels = directory.number(TiffDirectory.SAMPLES_PER_PIXEL, 1);
        if (bits > MAX_BITS || bits * channels > MAX_BITS_PER_PIXEL) {
            throw UndecodablePictureException.unsupported("TIFF with %d channels of %d bits".formatted(channels, bits));
        }
        limits.checkDimensions(directory.number(TiffDirectory.WIDTH, 0), directory.number(TiffDirectory.HEIGHT, 0));
        limits.checkDimensions(
                directory.number(TiffDirectory.TILE_WIDTH, 1), directory.number(TiffDirectory.TILE_HEIGHT, 1));
        return ImageIoPicture.open(file, PictureFormat.TIFF);
    }
}
