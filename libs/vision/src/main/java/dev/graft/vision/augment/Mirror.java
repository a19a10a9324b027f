package dev.graft.vision.augment;

/// Says which sides of a picture change places.
///
/// @param columns whether left becomes right
/// @param rows whether top becomes bottom
record Mirror(boolean columns, boolean rows) {
    boolean isIdentity() {
        return !columns && !rows;
    }

    /// Mirrors a picture.
    ///
    /// @param rgb uint8 [height, width, 3]; not changed
    /// @return uint8 [height, width, 3]
    byte[] mirrored(byte[] rgb, int width, int height) {
        byte[] target = new byte[rgb.length];
        int step = columns ? -3 : 3;
        for (int y = 0, from = 0; y < height; y++) {
            int to = ((rows ? height - 1 - y : y) * width + (columns ? width - 1 : 0)) * 3;
            for (int x = 0; x < width; x++, from += 3, to += step) {
                target[to] = rgb[from];
                target[to + 1] = rgb[from + 1];
                target[to + 2] = rgb[from + 2];
            }
        }
        return target;
    }
}
