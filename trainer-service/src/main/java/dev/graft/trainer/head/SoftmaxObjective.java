package dev.graft.trainer.head;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;

/// The loss of a linear softmax head, as a function of its parameters: the weighted sum of the cross-entropies plus
/// `strength / 2 · ‖W‖²` (the bias is free), divided by the number of rows.
///
/// Parameters are float64: the matrix W [features, classes], row-major, then the bias [classes]. The two products with
/// the matrix of features run in float32, everything else in float64.
///
/// The rows are taken in pieces whose size depends on the problem alone, and what comes of the pieces is summed in
/// their order, so that the result does not depend on how many run side by side.
final class SoftmaxObjective implements Lbfgs.Objective {
    private static final int MAX_LOGITS = 1 << 22;
    /// Fewer numbers than this are not worth a piece of their own.
    private static final int LEAST_ELEMENTS = 1 << 20;

    private static final int PIECES = 8;
    /// Pieces whose gradients are kept before they are summed, which bounds the memory.
    private static final int PIECES_AT_ONCE = 4;
    /// Heap of an evaluation: the weights, and the slopes of some pieces, in float32.
    static final int BYTES_PER_PARAMETER = (1 + PIECES_AT_ONCE) * Float.BYTES;

    private final Workers workers;
    private final FeatureMatrix features;
    private final Examples examples;
    private final double strength;
    private final int rowsAtOnce;

    SoftmaxObjective(Workers workers, FeatureMatrix features, Examples examples, double strength) {
        this.workers = workers;
        this.features = features;
        this.examples = examples;
        this.strength = strength;
        this.rowsAtOnce = rowsAtOnce(features.rows(), features.columns(), examples.classes());
    }

    static int parameters(int features, int classes) {
        return Math.multiplyExact(features + 1, classes);
    }

    private static int rowsAtOnce(int rows, int columns, int classes) {
        long affordable = Torch.MAX_FLOATING_POINT_OPERATIONS / (2L * columns * classes);
        long most = Math.min(affordable, MAX_LOGITS / classes);
        long wanted = Math.max((rows + PIECES - 1) / PIECES, LEAST_ELEMENTS / (columns + classes));
        return Math.toIntExact(Math.clamp(wanted, 1, Math.max(1, most)));
    }

    /// What comes of some rows.
    private record Part(double loss, float[] slopes, double[] biasSlopes) {}

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        int classes = examples.classes();
        int matrix = features.columns() * classes;
        float[] weight = floats(parameters, matrix);
        Arrays.fill(gradient, 0);
        double loss = 0;
        int pieces = (features.rows() + rowsAtOnce - 1) / rowsAtOnce;
        for (int first = 0; first < pieces; first += PIECES_AT_ONCE) {
            int from = first;
            Part[] parts = new Part[Math.min(PIECES_AT_ONCE, pieces - first)];
            workers.forEach(
                    parts.length, (scope, piece) -> parts[piece] = part(scope, weight, parameters, from + piece));
            for (Part part : parts) {
                loss += part.loss();
                for (int i = 0; i < matrix; i++) {
                    gradient[i] += part.slopes()[i];
                }
                for (int c = 0; c < classes; c++) {
                    gradient[matrix + c] += part.biasSlopes()[c];
                }
            }
        }
        double squares = 0;
        for (int i = 0; i < matrix; i++) {
            squares += parameters[i] * parameters[i];
            gradient[i] += strength * parameters[i];
        }
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= features.rows();
        }
        return (loss + strength / 2 * squares) / features.rows();
    }

    private Part part(Torch.Scope scope, float[] weight, double[] parameters, int piece) {
        int classes = examples.classes();
        int first = piece * rowsAtOnce;
        int count = Math.min(rowsAtOnce, features.rows() - first);
        NDArray rows = scope.view(features, first, count);
        NDArray weights = scope.matrix(weight, features.columns(), classes);
        float[] logits = Torch.values(scope.product(rows, weights));
        double[] biasSlopes = new double[classes];
        double loss = lossAndSlopes(logits, first, count, parameters, biasSlopes);
        NDArray slopes = scope.matrix(logits, count, classes);
        return new Part(loss, Torch.values(scope.transposedProduct(rows, slopes)), biasSlopes);
    }

    /// Replaces logits (without bias) by the slopes of the loss, gives those of the bias, and the loss.
    private double lossAndSlopes(float[] logits, int first, int count, double[] parameters, double[] biasSlopes) {
        int classes = examples.classes();
        int bias = features.columns() * classes;
        double[] exponentials = new double[classes];
        double loss = 0;
        for (int row = 0; row < count; row++) {
            int label = examples.labels()[first + row];
            double weight = examples.weights()[first + row];
            int at = row * classes;
            if (weight == 0) {
                Arrays.fill(logits, at, at + classes, 0);
                continue;
            }
            double greatest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                exponentials[c] = logits[at + c] + parameters[bias + c];
                greatest = Math.max(greatest, exponentials[c]);
            }
            double labelled = exponentials[label] - greatest;
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                exponentials[c] = Math.exp(exponentials[c] - greatest);
                sum += exponentials[c];
            }
            loss += weight * (Math.log(sum) - labelled);
            for (int c = 0; c < classes; c++) {
                double slope = weight * (exponentials[c] / sum - (c == label ? 1 : 0));
                logits[at + c] = (float) slope;
                biasSlopes[c] += slope;
            }
        }
        return loss;
    }

    /// Computes the logits of every row.
    ///
    /// @return float32 [rows, classes], row-major
    static float[] logits(Workers workers, FeatureMatrix features, double[] parameters, int classes) {
        int matrix = features.columns() * classes;
        float[] weight = floats(parameters, matrix);
        float[] logits = new float[Math.multiplyExact(features.rows(), classes)];
        int rowsAtOnce = rowsAtOnce(features.rows(), features.columns(), classes);
        workers.forEach((features.rows() + rowsAtOnce - 1) / rowsAtOnce, (scope, piece) -> {
            int first = piece * rowsAtOnce;
            NDArray rows = scope.view(features, first, Math.min(rowsAtOnce, features.rows() - first));
            float[] part = Torch.values(scope.product(rows, scope.matrix(weight, features.columns(), classes)));
            for (int i = 0; i < part.length; i++) {
                logits[first * classes + i] = part[i] + (float) parameters[matrix + i % classes];
            }
        });
        return logits;
    }

    private static float[] floats(double[] values, int count) {
        float[] narrowed = new float[count];
        for (int i = 0; i < count; i++) {
            narrowed[i] = (float) values[i];
        }
        return narrowed;
    }
}
