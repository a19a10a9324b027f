package dev.graft.networks.training;

import java.util.Arrays;

/// What a network is to say of some rows, and how much each row counts. Immutable; safe for use by several
/// threads at once.
public final class Targets {
    /// How far a row's shares may add up to something else than 1 by the rounding of their sum.
    private static final double ROUNDING = 1e-9;

    private final int classes;
    private final double[] shares;
    private final double[] weights;

    private Targets(int classes, double[] shares, double[] weights) {
        this.classes = classes;
        this.shares = shares;
        this.weights = weights;
    }

    /// Makes targets that need not be of one class each.
    ///
    /// @param classes number of classes, at least 2
    /// @param shares float64 `[rows, classes]`, row-major: the probability that each class is to have, copied
    /// @param weights float64 `[rows]`: how much each row counts, on average 1 over all that is learned from,
    ///     copied
    /// @throws IllegalArgumentException when the arrays do not fit each other, a row's shares do not add up to
    ///     1, or a number is negative or not finite
    public static Targets of(int classes, double[] shares, double[] weights) {
        if (classes < 2 || shares.length != (long) classes * weights.length) {
            throw new IllegalArgumentException("%d shares and %d weights are not those of rows of %d classes"
                    .formatted(shares.length, weights.length, classes));
        }
        Targets targets = new Targets(classes, shares.clone(), weights.clone());
        for (int row = 0; row < weights.length; row++) {
            targets.requireSound(row);
        }
        return targets;
    }

    /// Makes targets of one class each.
    ///
    /// @param classes number of classes, at least 2
    /// @param labels class of each row, from 0
    /// @param classWeights float64 `[classes]`: how much a row of each class counts
    /// @throws IllegalArgumentException when there is no such class, or not a weight for each
    public static Targets ofLabels(int classes, int[] labels, double[] classWeights) {
        if (classWeights.length != classes) {
            throw new IllegalArgumentException(
                    classWeights.length + " weights are not those of " + classes + " classes");
        }
        double[] shares = new double[Math.multiplyExact(labels.length, classes)];
        double[] weights = new double[labels.length];
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes) {
                throw new IllegalArgumentException("there is no class " + labels[row] + " of " + classes);
            }
            shares[row * classes + labels[row]] = 1;
            weights[row] = classWeights[labels[row]];
        }
        return of(classes, shares, weights);
    }

    /// Returns weights by which every class counts as much as every other, and rows 1 on average:
    /// `n / (C · n_c)` for `n_c` of `n` rows of one of `C` classes, as scikit-learn's `balanced`
    /// (https://scikit-learn.org/stable/modules/generated/sklearn.utils.class_weight.compute_class_weight.html).
    /// A class without rows has the weight 0.
    ///
    /// @param labels class of every row that is learned from, from 0
    /// @return float64 `[classes]`
    public static double[] balancedWeights(int classes, int[] labels) {
        int[] counts = new int[classes];
        for (int label : labels) {
            counts[label]++;
        }
        double[] weights = new double[classes];
        Arrays.setAll(weights, label -> counts[label] == 0 ? 0 : labels.length / ((double) classes * counts[label]));
        return weights;
    }

    /// Returns the targets of rows that are mixtures of two: `share · row + (1 − share) · partner`, of shares
    /// and of weights alike (mixup, Zhang et al., 2018, arXiv:1710.09412; CutMix, Yun et al., 2019,
    /// arXiv:1905.04899).
    ///
    /// @param partners index of the row that each row is mixed with
    /// @param share of each row itself, from 0 to 1
    /// @throws IllegalArgumentException when the share is another, or there is not a partner for each row
    public Targets mixedWith(int[] partners, double share) {
        if (!(share >= 0 && share <= 1) || partners.length != rows()) {
            throw new IllegalArgumentException(
                    partners.length + " partners with a share of " + share + " are not those of " + rows() + " rows");
        }
        double[] mixedShares = new double[shares.length];
        double[] mixedWeights = new double[weights.length];
        for (int row = 0; row < weights.length; row++) {
            mixedWeights[row] = share * weights[row] + (1 - share) * weights[partners[row]];
            for (int label = 0; label < classes; label++) {
                mixedShares[row * classes + label] =
                        share * share(row, label) + (1 - share) * share(partners[row], label);
            }
        }
        return of(classes, mixedShares, mixedWeights);
    }

    /// Returns the targets of some of the rows, such as those of a part of a batch.
    ///
    /// @param first index of the first of them
    /// @param count how many there are
    public Targets rows(int first, int count) {
        return new Targets(
                classes,
                Arrays.copyOfRange(shares, first * classes, (first + count) * classes),
                Arrays.copyOfRange(weights, first, first + count));
    }

    /// Returns the number of rows.
    public int rows() {
        return weights.length;
    }

    /// Returns the number of classes.
    public int classes() {
        return classes;
    }

    /// Returns the probability that a row is to have for a class.
    public double share(int row, int label) {
        return shares[row * classes + label];
    }

    /// Returns how much a row counts.
    public double weight(int row) {
        return weights[row];
    }

    private void requireSound(int row) {
        double sum = 0;
        for (int label = 0; label < classes; label++) {
            double share = share(row, label);
            if (!(share >= 0)) {
                throw new IllegalArgumentException("row " + row + " is to be of class " + label + " to " + share);
            }
            sum += share;
        }
        if (!(Math.abs(sum - 1) <= ROUNDING)) {
            throw new IllegalArgumentException("the shares of row " + row + " add up to " + sum);
        }
        if (!(weights[row] >= 0 && weights[row] < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("row " + row + " counts " + weights[row]);
        }
    }
}
