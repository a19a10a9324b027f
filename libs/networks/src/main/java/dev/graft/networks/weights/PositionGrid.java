package dev.graft.networks.weights;

import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Shape;

/// Resamples the vectors of a grid of positions for a grid of another size, as timm's `resample_abs_pos_embed` does:
/// the vector of the class token stays, the others are interpolated by PyTorch's
/// `interpolate(mode="bicubic", antialias=True)`, whose arithmetic (`UpSampleKernel.cpp`) this follows in float32.
final class PositionGrid {
    /// The free coefficient of Keys' cubic filter; PyTorch and Pillow take this one where they antialias.
    private static final float CUBIC = -0.5f;

    /// Half the width of the filter in positions of the source.
    private static final float RADIUS = 2;

    private PositionGrid() {}

    /// Returns whether vectors of one shape can be resampled for a parameter: `[1, 1 + side², channels]`, both.
    static boolean fits(Shape stored, ParameterSpec wanted) {
        return wanted.positions() && areGrids(stored, wanted.shape());
    }

    /// Returns whether two shapes are those of positions of square grids after a class token, of as many
    /// channels: `[1, 1 + side², channels]`.
    static boolean areGrids(Shape one, Shape other) {
        return isGrid(one) && isGrid(other) && one.at(2) == other.at(2);
    }

    private static boolean isGrid(Shape shape) {
        return shape.rank() == 3 && shape.at(0) == 1 && isSquare(shape.at(1) - 1);
    }

    /// Resamples.
    ///
    /// @param stored float32 `[1, 1 + side², channels]`
    /// @param wanted the shape of the result, `[1, 1 + otherSide², channels]`
    static FloatTensor resample(FloatTensor stored, Shape wanted) {
        int channels = wanted.at(2);
        int from = side(stored.shape().at(1) - 1);
        int to = side(wanted.at(1) - 1);
        float[] source = stored.toArray();
        Row[] rows = rows(from, to);
        float[] narrowed = new float[from * to * channels];
        for (int y = 0; y < from; y++) {
            for (int x = 0; x < to; x++) {
                add(source, channels * (1 + y * from), channels, rows[x], narrowed, channels * (y * to + x), channels);
            }
        }
        float[] result = new float[Math.toIntExact(wanted.elements())];
        System.arraycopy(source, 0, result, 0, channels);
        for (int y = 0; y < to; y++) {
            add(narrowed, 0, channels * to, rows[y], result, channels * (1 + y * to), channels * to);
        }
        return FloatTensor.of(wanted, result);
    }

    /// Adds up weighted stretches of the source, `stride` apart, into as many numbers of the target.
    private static void add(float[] source, int base, int stride, Row row, float[] target, int at, int count) {
        for (int tap = 0; tap < row.weights().length; tap++) {
            int first = base + (row.first() + tap) * stride;
            float weight = row.weights()[tap];
            for (int i = 0; i < count; i++) {
                target[at + i] += source[first + i] * weight;
            }
        }
    }

    /// Computes for each position of the target which positions of the source it mixes.
    private static Row[] rows(int from, int to) {
        float scale = (float) from / to;
        float support = RADIUS * Math.max(scale, 1);
        float shrink = scale > 1 ? 1 / scale : 1;
        Row[] rows = new Row[to];
        for (int i = 0; i < to; i++) {
            float centre = (float) (scale * (i + 0.5));
            int first = Math.max((int) (centre - support + 0.5), 0);
            int end = Math.min((int) (centre + support + 0.5), from);
            float[] weights = new float[end - first];
            float total = 0;
            for (int tap = 0; tap < weights.length; tap++) {
                weights[tap] = cubic((float) ((tap + first - centre + 0.5) * shrink));
                total += weights[tap];
            }
            for (int tap = 0; tap < weights.length; tap++) {
                weights[tap] /= total;
            }
            rows[i] = new Row(first, weights);
        }
        return rows;
    }

    /// Keys' cubic convolution (1981, doi:10.1109/TASSP.1981.1163711).
    private static float cubic(float distance) {
        float x = Math.abs(distance);
        if (x < 1) {
            return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
        }
        return x < 2 ? ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC : 0;
    }

    private static boolean isSquare(int positions) {
        return positions > 0 && side(positions) * side(positions) == positions;
    }

    private static int side(int positions) {
        return (int) Math.round(Math.sqrt(positions));
    }

    /// A position of the target.
    ///
    /// @param first first position of the source that it mixes
    /// @param weights factor of that position and each that follows, adding up to 1
    private record Row(int first, float[] weights) {}
}
