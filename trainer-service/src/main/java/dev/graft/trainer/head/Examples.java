package dev.graft.trainer.head;

import java.util.Arrays;

/// Labels and weights of the rows of a matrix.
///
/// @param labels  class of each row, from 0
/// @param classes how many classes there are
/// @param weights how much each row counts, on average 1
record Examples(int[] labels, int classes, double[] weights) {

    /// Gives every row the weight of its class.
    static Examples of(int[] labels, int classes, ClassWeights classWeights) {
        double[] byClass = classWeights.of(classes, labels);
        double[] weights =
                Arrays.stream(labels).mapToDouble(label -> byClass[label]).toArray();
        return new Examples(labels, classes, weights);
    }

    /// Takes rows out: their weight becomes 0.
    Examples without(int[] folds, int fold) {
        double[] remaining = weights.clone();
        for (int row = 0; row < remaining.length; row++) {
            if (folds[row] == fold) {
                remaining[row] = 0;
            }
        }
        return new Examples(labels, classes, remaining);
    }

    /// Takes rows out: their weight becomes 0.
    ///
    /// @param rows positions
    Examples without(int[] rows) {
        double[] remaining = weights.clone();
        Arrays.stream(rows).forEach(row -> remaining[row] = 0);
        return new Examples(labels, classes, remaining);
    }

    Examples select(int[] rows) {
        int[] selectedLabels = new int[rows.length];
        double[] selectedWeights = new double[rows.length];
        for (int row = 0; row < rows.length; row++) {
            selectedLabels[row] = labels[rows[row]];
            selectedWeights[row] = weights[rows[row]];
        }
        return new Examples(selectedLabels, classes, selectedWeights);
    }
}
