package dev.graft.vision;

import java.util.Arrays;

/// Resizes a picture to the last bit as Pillow's `Image.resize` does: rows first, rounded to eight bits, then columns
/// (`ImagingResampleHorizontal_8bpc` and `ImagingResampleVertical_8bpc` in `src/libImaging/Resample.c`).
final class Resampler {
    private static final int HALF = 1 << (Axis.PRECISION_BITS - 1);

    private Resampler() {}

    /// Resizes the part of a picture that two axes ask for.
    ///
    /// @param source holds at least the source pixels of both axes
    /// @param target receives uint8 [wanted rows, wanted columns, 3] from `offset`
    static void resample(Patch source, Axis columns, Axis rows, byte[] target, int offset) {
        int width = columns.starts().length;
        byte[] narrowed = new byte[Math.toIntExact(workingBytes(columns, rows))];
        resampleRows(source, columns, rows, narrowed);
        resampleColumns(narrowed, width * 3, rows, target, offset);
    }

    /// Returns the bytes of the rows that lie between the two directions.
    static long workingBytes(Axis columns, Axis rows) {
        return 3L * rows.span() * columns.starts().length;
    }

    /// Narrows all rows that are needed, two at a time so that a weight is fetched once for both.
    private static void resampleRows(Patch source, Axis columns, Axis rows, byte[] target) {
        int rowBytes = source.pixels().widthPixels() * 3;
        int first = (rows.first() - source.top()) * rowBytes - source.left() * 3;
        int targetRowBytes = columns.starts().length * 3;
        int height = rows.span();
        for (int y = 0; y < height; y += 2) {
            int second = Math.min(y + 1, height - 1);
            resampleTwoRows(
                    source.pixels().rgb(),
                    first + y * rowBytes,
                    first + second * rowBytes,
                    columns,
                    target,
                    y * targetRowBytes,
                    second * targetRowBytes);
        }
    }

    private static void resampleTwoRows(
            byte[] rgb, int row, int otherRow, Axis columns, byte[] target, int offset, int otherOffset) {
        int[] starts = columns.starts();
        int[] counts = columns.counts();
        int[] weights = columns.weights();
        int distance = otherRow - row;
        int targetDistance = otherOffset - offset;
        for (int x = 0, to = offset; x < starts.length; x++, to += 3) {
            int from = row + starts[x] * 3;
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int otherRed = HALF;
            int otherGreen = HALF;
            int otherBlue = HALF;
            int k = x * columns.taps();
            for (int end = k + counts[x]; k < end; k++, from += 3) {
                int weight = weights[k];
                red += (rgb[from] & 0xFF) * weight;
                green += (rgb[from + 1] & 0xFF) * weight;
                blue += (rgb[from + 2] & 0xFF) * weight;
                otherRed += (rgb[from + distance] & 0xFF) * weight;
                otherGreen += (rgb[from + distance + 1] & 0xFF) * weight;
                otherBlue += (rgb[from + distance + 2] & 0xFF) * weight;
            }
            target[to] = clip(red);
            target[to + 1] = clip(green);
            target[to + 2] = clip(blue);
            target[to + targetDistance] = clip(otherRed);
            target[to + targetDistance + 1] = clip(otherGreen);
            target[to + targetDistance + 2] = clip(otherBlue);
        }
    }

    private static void resampleColumns(byte[] source, int rowBytes, Axis rows, byte[] target, int offset) {
        int[] sums = new int[rowBytes];
        for (int y = 0, to = offset; y < rows.starts().length; y++, to += rowBytes) {
            Arrays.fill(sums, HALF);
            int from = (rows.starts()[y] - rows.first()) * rowBytes;
            int k = y * rows.taps();
            int end = k + rows.counts()[y];
            for (; k + 3 < end; k += 4, from += 4 * rowBytes) {
                accumulateFour(source, from, rows.weights(), k, sums);
            }
            for (; k < end; k++, from += rowBytes) {
                accumulate(source, from, rows.weights()[k], sums);
            }
            for (int x = 0; x < rowBytes; x++) {
                target[to + x] = clip(sums[x]);
            }
        }
    }

    /// Adds four rows at once: the loop is one that the compiler turns into vector instructions, and the sums are
    /// fetched and stored a quarter as often.
    private static void accumulateFour(byte[] source, int from, int[] weights, int k, int[] sums) {
        int weight0 = weights[k];
        int weight1 = weights[k + 1];
        int weight2 = weights[k + 2];
        int weight3 = weights[k + 3];
        int from1 = from + sums.length;
        int from2 = from1 + sums.length;
        int from3 = from2 + sums.length;
        for (int x = 0; x < sums.length; x++) {
            sums[x] += (source[from + x] & 0xFF) * weight0
                    + (source[from1 + x] & 0xFF) * weight1
                    + (source[from2 + x] & 0xFF) * weight2
                    + (source[from3 + x] & 0xFF) * weight3;
        }
    }

    private static void accumulate(byte[] source, int from, int weight, int[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += (source[from + x] & 0xFF) * weight;
        }
    }

    private static byte clip(int sum) {
        return (byte) Math.clamp(sum >> Axis.PRECISION_BITS, 0, 255);
    }
}
