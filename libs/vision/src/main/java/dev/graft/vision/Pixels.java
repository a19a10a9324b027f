package dev.graft.vision;

/// Holds a decoded picture.
///
/// @param widthPixels width
/// @param heightPixels height
/// @param rgb uint8 [height, width, 3], red, green, blue; not copied, so the caller that makes a `Pixels` gives
///     the array away
public record Pixels(int widthPixels, int heightPixels, byte[] rgb) {
    /// Checks that the array has the size of the picture.
    ///
    /// @throws IllegalArgumentException when it has not
    public Pixels {
        if (widthPixels < 1 || heightPixels < 1 || rgb.length != 3L * widthPixels * heightPixels) {
            throw new IllegalArgumentException(
                    "Array of %d bytes does not hold %d × %d pixels".formatted(rgb.length, widthPixels, heightPixels));
        }
    }
}
