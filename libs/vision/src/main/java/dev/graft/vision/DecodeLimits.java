package dev.graft.vision;

/// Bounds what a picture may cost. All are checked from the header, before pixels are allocated.
///
/// @param maxFileSizeBytes greatest size of the file
/// @param maxPixels greatest product of width and height
/// @param maxSidePixels greatest width and greatest height
public record DecodeLimits(long maxFileSizeBytes, long maxPixels, int maxSidePixels) {
    /// 20 MiB a file, 100 megapixels a picture, 20,000 pixels a side.
    public static final DecodeLimits STANDARD = new DecodeLimits(20L << 20, 100_000_000, 20_000);

    /// A decoded picture is one Java array of three bytes a pixel; this many pixels still fit.
    private static final long ADDRESSABLE_PIXELS = (Integer.MAX_VALUE - 64) / 3;

    /// Checks the bounds.
    ///
    /// @throws IllegalArgumentException when a bound is not positive, or more pixels are allowed than an
    ///     array can hold
    public DecodeLimits {
        if (maxFileSizeBytes < 1 || maxPixels < 1 || maxSidePixels < 1) {
            throw new IllegalArgumentException("Limits must be positive");
        }
        if (maxPixels > ADDRESSABLE_PIXELS) {
            throw new IllegalArgumentException("maxPixels must not exceed " + ADDRESSABLE_PIXELS);
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
