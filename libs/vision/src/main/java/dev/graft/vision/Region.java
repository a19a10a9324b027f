package dev.graft.vision;

/// Names a rectangle of a picture, in pixels from its top left corner.
///
/// @param left first column
/// @param top first row
/// @param width number of columns
/// @param height number of rows
public record Region(int left, int top, int width, int height) {
    static Region whole(int width, int height) {
        return new Region(0, 0, width, height);
    }

    static Region whole(StoredImage image) {
        return whole(image.width(), image.height());
    }

    /// Returns the size of its pixels as RGB.
    long rgbBytes() {
        return 3L * width * height;
    }

    /// Returns what it shares with another one, which may be nothing.
    Region common(Region other) {
        int fromColumn = Math.max(left, other.left);
        int fromRow = Math.max(top, other.top);
        int toColumn = Math.min(left + width, other.left + other.width);
        int toRow = Math.min(top + height, other.top + other.height);
        return new Region(fromColumn, fromRow, Math.max(toColumn - fromColumn, 0), Math.max(toRow - fromRow, 0));
    }

    /// Says whether all of it lies within another one.
    boolean isWithin(Region other) {
        return left >= other.left
                && top >= other.top
                && width <= other.width - (left - other.left)
                && height <= other.height - (top - other.top);
    }

    boolean isEmpty() {
        return width == 0 || height == 0;
    }
}
