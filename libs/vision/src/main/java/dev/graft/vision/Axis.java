package dev.graft.vision;

/// Says how one side of a picture is resampled: for each wanted pixel of the resized side, where its source
/// pixels begin and the fixed-point weight of each.
///
/// The numbers are those of `precompute_coeffs` and `normalize_coeffs_8bpc` in Pillow's `src/libImaging/Resample.c`,
/// computed only for the pixels that a crop keeps.
///
/// @param starts first source pixel of each wanted pixel
/// @param counts number of source pixels of each wanted pixel
/// @param weights `taps` weights for each wanted pixel, the unused ones zero
/// @param taps greatest count
record Axis(int[] starts, int[] counts, int[] weights, int taps) {
    /// Fractional bits of a weight: 32 less 8 for the sample and 2 for overshoot.
    static final int PRECISION_BITS = 32 - 8 - 2;

    /// Computes the weights of the pixels `from` … `from + length - 1` of a side that goes from `sourceSize` to
    /// `targetSize` pixels.
    static Axis of(Interpolation interpolation, int sourceSize, int targetSize, int from, int length) {
        double scale = (double) sourceSize / targetSize;
        double filterScale = Math.max(scale, 1.0);
        double support = interpolation.support * filterScale;
        int taps = (int) Math.ceil(support) * 2 + 1;
        int[] starts = new int[length];
        int[] counts = new int[length];
        int[] weights = new int[length * taps];
        double[] exact = new double[taps];
        double inverse = 1.0 / filterScale;
        for (int i = 0; i < length; i++) {
            double centre = (from + i + 0.5) * scale;
            int start = Math.max(0, (int) (centre - support + 0.5));
            int count = Math.min(sourceSize, (int) (centre + support + 0.5)) - start;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                exact[k] = interpolation.weight((k + start - centre + 0.5) * inverse);
                sum += exact[k];
            }
            for (int k = 0; k < count; k++) {
                weights[i * taps + k] = fixedPoint(sum == 0 ? exact[k] : exact[k] / sum);
            }
            starts[i] = start;
            counts[i] = count;
        }
        return new Axis(starts, counts, weights, taps);
    }

    private static int fixedPoint(double weight) {
        double scaled = weight * (1 << PRECISION_BITS);
        return (int) (weight < 0 ? scaled - 0.5 : scaled + 0.5);
    }

    /// Returns the same weights for source pixels that lie further on.
    Axis moved(int pixels) {
        int[] moved = starts.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += pixels;
        }
        return new Axis(moved, counts, weights, taps);
    }

    int first() {
        return starts[0];
    }

    /// Returns the number of source pixels that the wanted ones need together.
    int span() {
        int last = starts.length - 1;
        return starts[last] + counts[last] - starts[0];
    }

    long sizeBytes() {
        return (long) Integer.BYTES * (starts.length + counts.length + weights.length);
    }
}
