package dev.graft.networks.training;

/// The cross-entropy of what a network says of rows, and its slope: with `p` the probabilities that the logits
/// `z` stand for and `t` the smoothed targets, `ℓ = −Σ t · ln p`, and `∂ℓ/∂z = p − t` for either output, by the
/// rules of differentiation.
///
/// Label smoothing moves a share ε of each target to all `C` classes alike, `t = (1 − ε) · target + ε / C`
/// (Szegedy et al., 2016, arXiv:1512.00567, section 7). A batch of `B` rows that count `w` has the loss
/// `Σ w · ℓ / B`. With weights of 1 on average that is the scale of a batch without weights, and the losses of
/// the parts of a batch add up. (PyTorch divides by `Σ w` of the batch, under which a batch of rare classes is
/// as steep as one of frequent ones.)
///
/// Computed in double precision with `StrictMath`, so that the same logits give the same bits on every machine.
/// Safe for use by several threads at once.
///
/// @param output how logits become probabilities
/// @param smoothing ε, from 0 to less than 1
public record Loss(Output output, double smoothing) {
    /// How logits become probabilities.
    public enum Output {
        /// A logit a class; `p = exp(z) / Σ exp(z)`.
        SOFTMAX,
        /// One logit for two classes; the second has the probability `1 / (1 + exp(−z))`.
        SIGMOID
    }

    /// Checks the smoothing.
    public Loss {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException("label smoothing is from 0 to less than 1, not " + smoothing);
        }
    }

    /// Returns how many logits stand for a row.
    ///
    /// @param classes number of classes
    /// @throws IllegalArgumentException when the output is a sigmoid and there are not two classes
    public int logitsOf(int classes) {
        if (output == Output.SIGMOID && classes != 2) {
            throw new IllegalArgumentException("a sigmoid is for two classes, not " + classes);
        }
        return output == Output.SIGMOID ? 1 : classes;
    }

    /// Computes the share of some rows in the loss of their batch, and its slope.
    ///
    /// @param logits float32 `[rows, logits]`, row-major
    /// @param targets what the rows are to be
    /// @param batch number of rows of the batch that these belong to, at least as many
    /// @param slopes float64 `[rows, logits]`: the slopes by the logits go here, in place of what was there
    /// @return the sum of the rows' weighted losses divided by `batch`, not finite when a logit is not
    /// @throws IllegalArgumentException when the arrays do not fit the targets
    public double evaluate(float[] logits, Targets targets, int batch, double[] slopes) {
        int perRow = logitsOf(targets.classes());
        if (logits.length != perRow * targets.rows() || slopes.length != logits.length || batch < targets.rows()) {
            throw new IllegalArgumentException("%d logits and %d slopes are not those of %d rows of a batch of %d"
                    .formatted(logits.length, slopes.length, targets.rows(), batch));
        }
        double loss = 0;
        for (int row = 0; row < targets.rows(); row++) {
            double weight = targets.weight(row) / batch;
            loss += weight
                    * switch (output) {
                        case SOFTMAX -> softmax(logits, targets, row, weight, slopes);
                        case SIGMOID -> sigmoid(logits[row], targets, row, weight, slopes);
                    };
        }
        return loss;
    }

    /// The logarithm of the sum is taken of logits less the greatest, so that nothing overflows.
    private double softmax(float[] logits, Targets targets, int row, double weight, double[] slopes) {
        int classes = targets.classes();
        int at = row * classes;
        double greatest = logits[at];
        for (int label = 1; label < classes; label++) {
            greatest = Math.max(greatest, logits[at + label]);
        }
        double sum = 0;
        for (int label = 0; label < classes; label++) {
            slopes[at + label] = StrictMath.exp(logits[at + label] - greatest);
            sum += slopes[at + label];
        }
        double logarithm = StrictMath.log(sum) + greatest;
        double loss = 0;
        for (int label = 0; label < classes; label++) {
            double target = smoothed(targets.share(row, label), classes);
            loss += target * (logarithm - logits[at + label]);
            slopes[at + label] = weight * (slopes[at + label] / sum - target);
        }
        return loss;
    }

    /// `−t · ln p − (1 − t) · ln (1 − p) = ln(1 + exp(z)) − t · z`, of which no part overflows when the
    /// exponent is `−|z|`.
    private double sigmoid(double logit, Targets targets, int row, double weight, double[] slopes) {
        double target = smoothed(targets.share(row, 1), 2);
        double power = StrictMath.exp(-Math.abs(logit));
        double likelier = 1 / (1 + power);
        slopes[row] = weight * ((logit < 0 ? power * likelier : likelier) - target);
        return Math.max(logit, 0) + StrictMath.log1p(power) - target * logit;
    }

    private double smoothed(double share, int classes) {
        return (1 - smoothing) * share + smoothing / classes;
    }
}
