package dev.graft.trainer.head;

import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/// The network of a head: dense layers with ReLU between them, and the gradients of their parameters, derived
/// by hand.
///
/// Parameters are arrays of float32, layer by layer the matrix [out, in], then the bias [out]. The products of
/// matrices run on PyTorch.
final class HeadNetwork {
    static final int MAX_ROWS = 2048;

    private final int[] widths;
    private final float[][] parameters;

    /// @param widths features, hidden units, classes
    HeadNetwork(int[] widths, SplittableRandom random) {
        this.widths = widths.clone();
        this.parameters = new float[2 * layers()][];
        for (int layer = 0; layer < layers(); layer++) {
            int in = widths[layer];
            // He and others (2015), uniform: keeps the variance of what passes through ReLU.
            double bound = Math.sqrt(6.0 / in);
            float[] weight = new float[in * widths[layer + 1]];
            boolean last = layer == layers() - 1;
            for (int i = 0; i < weight.length; i++) {
                // The last layer begins at zero, so that at first all classes are equally probable.
                weight[i] = last ? 0 : (float) ((2 * random.nextDouble() - 1) * bound);
            }
            parameters[2 * layer] = weight;
            parameters[2 * layer + 1] = new float[widths[layer + 1]];
        }
    }

    int layers() {
        return widths.length - 1;
    }

    float[][] parameters() {
        return parameters;
    }

    /// Makes arrays of zeros, of the parameters' lengths.
    float[][] zeros() {
        float[][] zeros = new float[parameters.length][];
        for (int i = 0; i < zeros.length; i++) {
            zeros[i] = new float[parameters[i].length];
        }
        return zeros;
    }

    HeadLayer layer(float[][] values, int layer) {
        return new HeadLayer(widths[layer], widths[layer + 1], values[2 * layer], values[2 * layer + 1]);
    }

    /// Computes logits.
    ///
    /// @param input float32 [rows, features]
    /// @return float32 [rows, classes], row-major
    float[] logits(Torch.Scope scope, NDArray input, int rows) {
        NDArray value = input;
        float[] sums = new float[0];
        for (int layer = 0; layer < layers(); layer++) {
            sums = sums(scope, value, layer, rows);
            if (layer < layers() - 1) {
                rectify(sums);
                value = scope.matrix(sums, rows, widths[layer + 1]);
            }
        }
        return sums;
    }

    /// Gives how many rows the products of one pass may take, forwards and back, so that none of them is long.
    int rowsAtOnce() {
        long widest = 0;
        for (int layer = 0; layer < layers(); layer++) {
            widest = Math.max(widest, 2L * widths[layer] * widths[layer + 1]);
        }
        return Math.toIntExact(Math.clamp(Torch.MAX_FLOATING_POINT_OPERATIONS / widest, 1, MAX_ROWS));
    }

    /// Computes the loss of some rows and adds the gradients of all parameters.
    ///
    /// @param input     float32 [rows, features]
    /// @param weights   how much each row counts
    /// @param dropout   share of the inputs of the last layer that are left out
    /// @param gradients what is added to
    /// @param batch     rows that the loss is a mean of, these among them
    /// @return the sum of the losses of these rows, divided by `batch`
    double gradients(
            Torch.Scope scope,
            NDArray input,
            int[] labels,
            double[] weights,
            double dropout,
            SplittableRandom random,
            float[][] gradients,
            int batch) {
        int rows = labels.length;
        NDArray[] inputs = new NDArray[layers()];
        float[][] kept = new float[layers()][];
        inputs[0] = input;
        float[] sums = new float[0];
        for (int layer = 0; layer < layers(); layer++) {
            boolean last = layer == layers() - 1;
            if (last && dropout > 0) {
                kept[layer] = mask(rows * widths[layer], dropout, random);
                float[] values = Torch.values(inputs[layer]);
                multiply(values, kept[layer]);
                inputs[layer] = scope.matrix(values, rows, widths[layer]);
            }
            sums = sums(scope, inputs[layer], layer, rows);
            if (!last) {
                rectify(sums);
                inputs[layer + 1] = scope.matrix(sums, rows, widths[layer + 1]);
            }
        }
        double loss = CrossEntropy.slopes(sums, labels, weights, widths[layers()], batch);
        float[] slopes = sums;
        for (int layer = layers() - 1; layer >= 0; layer--) {
            NDArray slope = scope.matrix(slopes, rows, widths[layer + 1]);
            add(gradients[2 * layer], Torch.memory(scope.transposedProduct(slope, inputs[layer])));
            add(gradients[2 * layer + 1], FloatBuffer.wrap(columnSums(slopes, widths[layer + 1])));
            if (layer > 0) {
                NDArray weight = scope.matrix(parameters[2 * layer], widths[layer + 1], widths[layer]);
                float[] back = Torch.values(scope.product(slope, weight));
                if (kept[layer] != null) {
                    multiply(back, kept[layer]);
                }
                block(back, Torch.values(inputs[layer]));
                slopes = back;
            }
        }
        return loss;
    }

    private float[] sums(Torch.Scope scope, NDArray input, int layer, int rows) {
        int out = widths[layer + 1];
        NDArray weight = scope.matrix(parameters[2 * layer], out, widths[layer]);
        float[] sums = Torch.values(scope.product(input, scope.own(weight.transpose())));
        float[] bias = parameters[2 * layer + 1];
        for (int i = 0; i < rows * out; i++) {
            sums[i] += bias[i % out];
        }
        return sums;
    }

    private static void add(float[] to, FloatBuffer from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from.get(i);
        }
    }

    private static void rectify(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, values[i]);
        }
    }

    /// Lets no slope pass where ReLU (or dropout) gave nothing.
    private static void block(float[] slopes, float[] rectified) {
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = rectified[i] > 0 ? slopes[i] : 0;
        }
    }

    private static void multiply(float[] values, float[] factors) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factors[i];
        }
    }

    private static float[] mask(int length, double dropout, SplittableRandom random) {
        float[] mask = new float[length];
        float scale = (float) (1 / (1 - dropout));
        for (int i = 0; i < length; i++) {
            mask[i] = random.nextDouble() < dropout ? 0 : scale;
        }
        return mask;
    }

    private static float[] columnSums(float[] values, int columns) {
        double[] sums = new double[columns];
        for (int i = 0; i < values.length; i++) {
            sums[i % columns] += values[i];
        }
        float[] narrowed = new float[columns];
        for (int column = 0; column < columns; column++) {
            narrowed[column] = (float) sums[column];
        }
        return narrowed;
    }
}
