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
    private static final int STEPS = 40;
    private static final double TOLERANCE = 1e-9;

    /// The first and second derivative of the loss in the sharpness.
    private record Slopes(double first, double second) {}

    /// @param logits float32 [rows, classes], row-major
    /// @throws NotFiniteException when the loss is not a number
    static Calibration of(float[] logits, Examples examples) {
        double low = LEAST;
        double high = GREATEST;
        double sharpness = 1;
        double[] losses = new double[examples.labels().length];
        // The mean loss is convex in the sharpness: Newton's steps, within the bounds that the signs of the slopes
        // give.
        for (int step = 0; step < STEPS; step++) {
            Slopes slopes = slopes(logits, examples, sharpness, losses);
            if (slopes.first() > 0) {
                high = sharpness;
            } else {
                low = sharpness;
            }
            double next = sharpness - slopes.first() / slopes.second();
            if (!(next > low && next < high)) {
                next = Math.sqrt(low * high);
            }
            boolean settled = Math.abs(next - sharpness) <= TOLERANCE * sharpness;
            sharpness = next;
            if (settled) {
                break;
            }
        }
        Slopes _ = slopes(logits, examples, sharpness, losses);
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < losses.length; row++) {
            sum += examples.weights()[row] * losses[row];
            weights += examples.weights()[row];
        }
        double mean = sum / weights;
        NotFiniteException.require(mean, "the loss on the pictures held out");
        return new Calibration(sharpness, losses, mean);
    }

    /// Gives the slopes of the loss and puts the loss of each row into `losses`.
    private static Slopes slopes(float[] logits, Examples examples, double sharpness, double[] losses) {
        int classes = examples.classes();
        double softened = 1.0 / (losses.length + 2);
        double first = 0;
        double second = 0;
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
            double squares = 0;
            for (int c = 0; c < classes; c++) {
                double below = logits[at + c] - greatest;
                double exponential = Math.exp(sharpness * below);
                sum += exponential;
                expected += exponential * below;
                squares += exponential * below * below;
            }
            double target = (1 - softened) * logits[at + examples.labels()[row]] + softened * mean - greatest;
            losses[row] = Math.log(sum) - sharpness * target;
            double average = expected / sum;
            first += examples.weights()[row] * (average - target);
            second += examples.weights()[row] * (squares / sum - average * average);
        }
        return new Slopes(first, second);
    }
}
