package dev.graft.trainer.head;

/// Finds by how much logits must be multiplied so that their probabilities are right on pictures not learned from
/// (temperature scaling; Guo and others, 2017), and how great the cross-entropy then is.
///
/// The targets are softened as if one more picture of every class had been seen wrong (Platt, 1999), so that a head
/// without a mistake does not become infinitely sure.
///
/// @param sharpness what the logits are multiplied with: one over the temperature
/// @param losses    cross-entropy of each row, after that
/// @param mean      their weighted mean
record Calibration(double sharpness, double[] losses, double mean) {
    private static final double LEAST = 1e-3;
    private static final double GREATEST = 1e3;
    private static final int HALVINGS = 40;

    /// @param logits float32 [rows, classes], row-major
    static Calibration of(float[] logits, Examples examples) {
        double low = Math.log(LEAST);
        double high = Math.log(GREATEST);
        double[] losses = new double[examples.labels().length];
        // The mean loss is convex in the sharpness, so the sign of its slope says on which side the minimum lies.
        for (int halving = 0; halving < HALVINGS; halving++) {
            double middle = (low + high) / 2;
            if (slope(logits, examples, Math.exp(middle), losses) > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        double sharpness = Math.exp((low + high) / 2);
        slope(logits, examples, sharpness, losses);
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < losses.length; row++) {
            sum += examples.weights()[row] * losses[row];
            weights += examples.weights()[row];
        }
        return new Calibration(sharpness, losses, sum / weights);
    }

    /// Gives the slope of the loss in the sharpness and puts the loss of each row into `losses`.
    private static double slope(float[] logits, Examples examples, double sharpness, double[] losses) {
        int classes = examples.classes();
        double softened = 1.0 / (losses.length + 2);
        double slope = 0;
        for (int row = 0; row < losses.length; row++) {
            int at = row * classes;
            double greatest = Double.NEGATIVE_INFINITY;
            double mean = 0;
            for (int c = 0; c < classes; c++) {
                greatest = Math.max(greatest, logits[at + c]);
                mean += logits[at + c];
            }
            mean /= classes;
            double sum = 0;
            double expected = 0;
            for (int c = 0; c < classes; c++) {
                double exponential = Math.exp(sharpness * (logits[at + c] - greatest));
                sum += exponential;
                expected += exponential * logits[at + c];
            }
            double target = (1 - softened) * logits[at + examples.labels()[row]] + softened * mean;
            losses[row] = Math.log(sum) + sharpness * (greatest - target);
            slope += examples.weights()[row] * (expected / sum - target);
        }
        return slope;
    }
}
