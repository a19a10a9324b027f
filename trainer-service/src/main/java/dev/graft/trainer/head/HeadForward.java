package dev.graft.trainer.head;

import ai.djl.ndarray.NDArray;

/// Computes what a head answers.
public final class HeadForward {
    private static final int ROWS_AT_ONCE = 2048;

    private HeadForward() {}

    /// Computes the probabilities of the classes.
    ///
    /// @param features raw
    /// @return float32 [rows][classes], finite
    /// @throws NotFiniteException when a probability is not a number
    /// @throws java.util.concurrent.CancellationException when the thread is interrupted
    public static float[][] probabilities(TrainedHead head, FeatureMatrix features) {
        float[][] probabilities = new float[features.rows()][];
        try (Torch.Scope scope = Torch.open()) {
            int rowsAtOnce = rowsAtOnce(head);
            for (int first = 0; first < features.rows(); first += rowsAtOnce) {
                int count = Math.min(rowsAtOnce, features.rows() - first);
                float[] logits = logits(scope, head, features, first, count);
                int numbers = logits.length / count;
                for (int row = 0; row < count; row++) {
                    float[] answer = head.sigmoid() ? sigmoid(logits[row]) : softmax(logits, row * numbers, numbers);
                    NotFiniteException.require(answer[0], "a probability");
                    probabilities[first + row] = answer;
                }
            }
        }
        return probabilities;
    }

    private static int rowsAtOnce(TrainedHead head) {
        long widest = head.layers().stream()
                .mapToLong(layer -> 2L * layer.inFeatures() * layer.outFeatures())
                .max()
                .orElseThrow();
        return Math.toIntExact(Math.clamp(Torch.MAX_FLOATING_POINT_OPERATIONS / widest, 1, ROWS_AT_ONCE));
    }

    private static float[] logits(Torch.Scope scope, TrainedHead head, FeatureMatrix features, int first, int count) {
        try (Torch.Scope inner = scope.inner()) {
            NDArray value = inner.view(features, first, count);
            float[] sums = new float[0];
            for (HeadLayer layer : head.layers()) {
                NDArray weight = inner.matrix(layer.weight(), layer.outFeatures(), layer.inFeatures());
                sums = Torch.values(inner.product(value, inner.own(weight.transpose())));
                boolean last = layer == head.layers().getLast();
                for (int i = 0; i < sums.length; i++) {
                    float sum = sums[i] + layer.bias()[i % layer.outFeatures()];
                    sums[i] = last ? sum : Math.max(0, sum);
                }
                value = inner.matrix(sums, count, layer.outFeatures());
            }
            return sums;
        }
    }

    private static float[] softmax(float[] logits, int at, int classes) {
        double greatest = logits[at + Logits.greatest(logits, at, classes)];
        double[] exponentials = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            exponentials[c] = Math.exp(logits[at + c] - greatest);
            sum += exponentials[c];
        }
        float[] shares = new float[classes];
        for (int c = 0; c < classes; c++) {
            shares[c] = (float) (exponentials[c] / sum);
        }
        return shares;
    }

    private static float[] sigmoid(float logit) {
        float second = (float) (1 / (1 + Math.exp(-logit)));
        return new float[] {1 - second, second};
    }
}
