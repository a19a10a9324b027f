package dev.graft.trainer.head;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;

/// The loss of a linear softmax head, as a function of its parameters: the weighted sum of the cross-entropies plus
/// `strength / 2 · ‖W‖²` (the bias is free), divided by the number of rows.
///
/// Parameters are float64: the matrix W [features, classes], row-major, then the bias [classes]. The two products with
/// the matrix of features run in float32, everything else in float64.
final class SoftmaxObjective implements Lbfgs.Objective {
    private static final int LOGITS_AT_ONCE = 1 << 22;

    private final Torch.Scope scope;
    private final FeatureMatrix features;
    private final Examples examples;
    private final double strength;

    SoftmaxObjective(Torch.Scope scope, FeatureMatrix features, Examples examples, double strength) {
        this.scope = scope;
        this.features = features;
        this.examples = examples;
        this.strength = strength;
    }

    static int parameters(int features, int classes) {
        return Math.multiplyExact(features + 1, classes);
    }

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        int classes = examples.classes();
        int matrix = features.columns() * classes;
        Arrays.fill(gradient, 0);
        double loss = 0;
        int rowsAtOnce = Math.max(1, LOGITS_AT_ONCE / classes);
        try (Torch.Scope inner = scope.inner()) {
            NDArray weight = inner.matrix(floats(parameters, matrix), features.columns(), classes);
            for (int first = 0; first < features.rows(); first += rowsAtOnce) {
                int count = Math.min(rowsAtOnce, features.rows() - first);
                NDArray rows = inner.view(features, first, count);
                float[] logits = Torch.values(inner.product(rows, weight));
                loss += lossAndSlopes(logits, first, count, parameters, gradient);
                NDArray slopes = inner.matrix(logits, count, classes);
                float[] part = Torch.values(inner.transposedProduct(rows, slopes));
                for (int i = 0; i < matrix; i++) {
                    gradient[i] += part[i];
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

    /// Replaces logits (without bias) by the slopes of the loss, adds those of the bias, and gives the loss.
    private double lossAndSlopes(float[] logits, int first, int count, double[] parameters, double[] gradient) {
        int classes = examples.classes();
        int bias = features.columns() * classes;
        double[] exponentials = new double[classes];
        double loss = 0;
        for (int row = 0; row < count; row++) {
            int label = examples.labels()[first + row];
            double weight = examples.weights()[first + row];
            int at = row * classes;
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
                gradient[bias + c] += slope;
            }
        }
        return loss;
    }

    /// Computes the logits of every row.
    ///
    /// @return float32 [rows, classes], row-major
    static float[] logits(Torch.Scope scope, FeatureMatrix features, double[] parameters, int classes) {
        int matrix = features.columns() * classes;
        try (Torch.Scope inner = scope.inner()) {
            NDArray weight = inner.matrix(floats(parameters, matrix), features.columns(), classes);
            float[] logits = Torch.values(inner.product(inner.view(features, 0, features.rows()), weight));
            for (int i = 0; i < logits.length; i++) {
                logits[i] += (float) parameters[matrix + i % classes];
            }
            return logits;
        }
    }

    private static float[] floats(double[] values, int count) {
        float[] narrowed = new float[count];
        for (int i = 0; i < count; i++) {
            narrowed[i] = (float) values[i];
        }
        return narrowed;
    }
}
