package dev.graft.vision.augment;

/// Moves pixels: one bilinear interpolation in double precision, rounded half up, whatever is combined in it.
///
/// The coordinates and what is seen beyond the edges are those of SciPy's `affine_transform` of order 1
/// (`scipy/ndimage/src/ni_interpolation.c`). A pixel's value depends on its own coordinates alone, and these
/// are computed for each of them, so that no error adds up along a row.
final class AffineResampler {
    /// The samples as numbers: fetching one is faster than converting it.
    private static final double[] SAMPLES = new double[256];

    static {
        for (int sample = 0; sample < SAMPLES.length; sample++) {
            SAMPLES[sample] = sample;
        }
    }

    private final byte[] source;
    private final int width;
    private final int height;
    private final Fill fill;

    private AffineResampler(byte[] source, int width, int height, Fill fill) {
        this.source = source;
        this.width = width;
        this.height = height;
        this.fill = fill;
    }

    /// Moves the pixels of a picture, and mirrors the outcome.
    ///
    /// @param rgb uint8 [height, width, 3]; not changed
    /// @param matrix as [Affine#matrix(int, int)] gives it
    /// @param fillValue what is seen beyond the edges with [Fill#CONSTANT], 0 to 255
    /// @return uint8 [height, width, 3]
    static byte[] resample(
            byte[] rgb, int width, int height, double[] matrix, Fill fill, int fillValue, Mirror mirror) {
        byte[] target = new byte[rgb.length];
        AffineResampler resampler = new AffineResampler(rgb, width, height, fill);
        int step = mirror.columns() ? -3 : 3;
        int firstColumn = mirror.columns() ? (width - 1) * 3 : 0;
        for (int y = 0; y < height; y++) {
            int row = mirror.rows() ? height - 1 - y : y;
            resampler.resampleRow(matrix, y, target, row * width * 3 + firstColumn, step, (byte) fillValue);
        }
        return target;
    }

    private void resampleRow(double[] matrix, int y, byte[] target, int first, int step, byte fillValue) {
        double xx = matrix[0];
        double yx = matrix[3];
        // The order of SciPy's sum: the offset, the row, the column.
        double firstX = matrix[2] + matrix[1] * y;
        double firstY = matrix[5] + matrix[4] * y;
        double lastX = width - 1;
        double lastY = height - 1;
        int rowBytes = width * 3;
        for (int x = 0, to = first; x < width; x++, to += step) {
            double sourceX = firstX + xx * x;
            double sourceY = firstY + yx * x;
            if (sourceX >= 0 && sourceX < lastX && sourceY >= 0 && sourceY < lastY) {
                int left = (int) sourceX;
                int top = (int) sourceY;
                int from = top * rowBytes + left * 3;
                blend(from, from + 3, from + rowBytes, from + rowBytes + 3, sourceX - left, sourceY - top, target, to);
            } else if (fill == Fill.CONSTANT
                    && !(sourceX >= 0 && sourceX <= lastX && sourceY >= 0 && sourceY <= lastY)) {
                target[to] = fillValue;
                target[to + 1] = fillValue;
                target[to + 2] = fillValue;
            } else {
                blendAtEdge(sourceX, sourceY, target, to);
            }
        }
    }

    /// Interpolates where some of the four pixels may lie beyond the edges.
    private void blendAtEdge(double x, double y, byte[] target, int to) {
        boolean reflected = fill == Fill.REFLECT;
        double insideX = reflected ? x : Math.min(Math.max(x, 0), width - 1.0);
        double insideY = reflected ? y : Math.min(Math.max(y, 0), height - 1.0);
        int left = (int) Math.floor(insideX);
        int top = (int) Math.floor(insideY);
        int leftBytes = 3 * inside(left, width, reflected);
        int rightBytes = 3 * inside(left + 1, width, reflected);
        int topBytes = 3 * width * inside(top, height, reflected);
        int bottomBytes = 3 * width * inside(top + 1, height, reflected);
        blend(
                topBytes + leftBytes,
                topBytes + rightBytes,
                bottomBytes + leftBytes,
                bottomBytes + rightBytes,
                insideX - left,
                insideY - top,
                target,
                to);
    }

    private static int inside(int index, int size, boolean reflected) {
        if (index >= 0 && index < size) {
            return index;
        }
        if (!reflected) {
            return size - 1;
        }
        int repeated = Math.floorMod(index, 2 * size);
        return repeated < size ? repeated : 2 * size - 1 - repeated;
    }

    private void blend(
            int topLeft, int topRight, int bottomLeft, int bottomRight, double x, double y, byte[] target, int to) {
        target[to] = blended(topLeft, topRight, bottomLeft, bottomRight, x, y);
        target[to + 1] = blended(topLeft + 1, topRight + 1, bottomLeft + 1, bottomRight + 1, x, y);
        target[to + 2] = blended(topLeft + 2, topRight + 2, bottomLeft + 2, bottomRight + 2, x, y);
    }

    private byte blended(int topLeft, int topRight, int bottomLeft, int bottomRight, double x, double y) {
        double upper = (1 - x) * sample(topLeft) + x * sample(topRight);
        double lower = (1 - x) * sample(bottomLeft) + x * sample(bottomRight);
        return (byte) (int) ((1 - y) * upper + y * lower + 0.5);
    }

    private double sample(int at) {
        return SAMPLES[source[at] & 0xFF];
    }
}
