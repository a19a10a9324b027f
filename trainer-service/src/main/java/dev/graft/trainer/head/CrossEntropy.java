package dev.graft.trainer.head;

/// The cross-entropy of softmax probabilities.
final class CrossEntropy {
    private CrossEntropy() {}

    /// Replaces logits by the slopes of the sum of the rows' weighted losses, divided by `batch`, and gives that sum.
    ///
    /// @param logits float32 [rows, classes], row-major
    static double slopes(float[] logits, int[] labels, double[] weights, int classes, int batch) {
        double[] exponentials = new double[classes];
        double loss = 0;
        int rows = labels.length;
        for (int row = 0; row < rows; row++) {
            int at = row * classes;
            double greatest = logits[at + Logits.greatest(logits, at, classes)];
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                exponentials[c] = Math.exp(logits[at + c] - greatest);
                sum += exponentials[c];
            }
            loss += weights[row] * (Math.log(sum) - (logits[at + labels[row]] - greatest));
            for (int c = 0; c < classes; c++) {
                double slope = exponentials[c] / sum - (c == labels[row] ? 1 : 0);
                logits[at + c] = (float) (weights[row] * slope / batch);
            }
        }
        return loss / batch;
    }
}
