package dev.graft.vision;

/// Bounds what a picture may cost. All are checked from the header, before pixels are allocated.
///
/// Every service decodes what is within [#STANDARD]. A service may take in less, and never more: what it
/// stored, the others could not decode.
///
/// @param maxFileSizeBytes greatest size of the file
/// @param maxPixels greatest product of width and height
/// @param maxSidePixels greatest width and greatest height
public record DecodeLimits(long maxFileSizeBytes, long maxPixels, int maxSidePixels) {
    private static final long MOST_FILE_SIZE_BYTES = 20L << 20;
    private static final long MOST_PIXELS = 100_000_000;
    private static final int MOST_SIDE_PIXELS = 20_000;

    /// The greatest limits: 20 MiB a file, 100 megapixels a picture, 20,000 pixels a side.
    public static final DecodeLimits STANDARD = new DecodeLimits(MOST_FILE_SIZE_BYTES, MOST_PIXELS, MOST_SIDE_PIXELS);

    /// Checks the bounds.
    ///
    /// @throws IllegalArgumentException when a bound is not positive, or is greater than that of [#STANDARD]
    public DecodeLimits {
        if (maxFileSizeBytes < 1 || maxPixels < 1 || maxSidePixels < 1) {
            throw new IllegalArgumentException("Limits must be positive");
        }
        if (maxFileSizeBytes > MOST_FILE_SIZE_BYTES || maxPixels > MOST_PIXELS || maxSidePixels > MOST_SIDE_PIXELS) {
            throw new IllegalArgumentException(
                    "Limits of pictures can be lowered only, from %,d bytes, %,d pixels and %,d pixels a side"
                            .formatted(MOST_FILE_SIZE_BYTES, MOST_PIXELS, MOST_SIDE_PIXELS));
        }
    }

    void checkSize(long sizeBytes) throws UndecodableImageException {
        if (sizeBytes > maxFileSizeBytes) {
            throw new UndecodableImageException(
                    UndecodableImageException.Reason.TOO_MANY_BYTES,
                    "The file has %,d bytes; at most %,d are accepted. Send a smaller or more compressed picture."
                            .formatted(sizeBytes, maxFileSizeBytes));
        }
    }

    void checkDimensions(long widthPixels, long heightPixels) throws UndecodableImageException {
        if (widthPixels < 1 || heightPixels < 1) {
            throw UndecodableImageException.corrupt(
                    "its header claims a size of %d × %d pixels".formatted(widthPixels, heightPixels));
        }
        if (widthPixels > maxSidePixels || heightPixels > maxSidePixels || widthPixels * heightPixels > maxPixels) {
            throw new UndecodableImageException(
                    UndecodableImageException.Reason.TOO_MANY_PIXELS,
                    ("The picture claims %,d × %,d pixels; at most %,d a side and %,d altogether are accepted. "
                                    + "Scale it down first.")
                            .formatted(widthPixels, heightPixels, maxSidePixels, maxPixels));
        }
    }
}
