package dev.graft.vision;

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
        byte[] narrowed = new byte[rows.span() * width * 3];
        resampleRows(source, columns, rows, narrowed);
        resampleColumns(narrowed, width * 3, rows, target, offset);
    }

    private static void resampleRows(Patch source, Axis columns, Axis rows, byte[] target) {
        int[] starts = columns.starts();
        int[] counts = columns.counts();
        int[] weights = columns.weights();
        byte[] rgb = source.pixels().rgb();
        int rowBytes = source.pixels().widthPixels() * 3;
        int height = rows.span();
        for (int y = 0, to = 0; y < height; y++) {
            int rowStart = (rows.first() - source.top() + y) * rowBytes - source.left() * 3;
            for (int x = 0; x < starts.length; x++, to += 3) {
                int from = rowStart + starts[x] * 3;
                int red = HALF;
                int green = HALF;
                int blue = HALF;
                int weightsEnd = x * columns.taps() + counts[x];
                for (int k = x * columns.taps(); k < weightsEnd; k++, from += 3) {
                    int weight = weights[k];
                    red += (rgb[from] & 0xFF) * weight;
                    green += (rgb[from + 1] & 0xFF) * weight;
                    blue += (rgb[from + 2] & 0xFF) * weight;
                }
                target[to] = clip(red);
                target[to + 1] = clip(green);
                target[to + 2] = clip(blue);
            }
        }
    }

    private static void resampleColumns(byte[] source, int rowBytes, Axis rows, byte[] target, int offset) {
        int[] sums = new int[rowBytes];
        for (int y = 0, to = offset; y < rows.starts().length; y++, to += rowBytes) {
            java.util.Arrays.fill(sums, HALF);
            int from = (rows.starts()[y] - rows.first()) * rowBytes;
            for (int k = 0; k < rows.counts()[y]; k++, from += rowBytes) {
                accumulate(source, from, rows.weights()[y * rows.taps() + k], sums);
            }
            for (int x = 0; x < rowBytes; x++) {
                target[to + x] = clip(sums[x]);
            }
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
