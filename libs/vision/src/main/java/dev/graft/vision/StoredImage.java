package dev.graft.vision;

/// Reads one file whose header has been found good and within limits. Width and height are those of the stored rows;
/// [#orientation()] says how they are meant to be seen.
interface StoredImage {
    int width();

    int height();

    Orientation orientation();

    /// Returns the most bytes of heap that [#decode(Region)] holds at one moment, its result included and the file
    /// excluded, small objects aside. It follows from the header alone.
    long workingBytes(Region region);

    /// Returns the size of the pixels that [#decode(Region)] gives.
    default long resultBytes(Region region) {
        return region.rgbBytes();
    }

    /// Decodes at least the given region of the stored picture, exactly as decoding the whole would, and checks the
    /// whole file.
    ///
    /// @throws UndecodableImageException when the file is truncated, corrupt or of a variant that is not read
    Patch decode(Region region) throws UndecodableImageException;
}
