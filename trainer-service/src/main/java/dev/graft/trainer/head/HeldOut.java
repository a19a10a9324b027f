package dev.graft.trainer.head;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The rows that a training does not learn from, by which it chooses between its epochs. Immutable.
public final class HeldOut {
    private static final double SHARE = 0.1;

    private final int[] rows;
    private final int[] learned;
    private final Examples examples;

    private HeldOut(int[] rows, int[] learned, Examples examples) {
        this.rows = rows;
        this.learned = learned;
        this.examples = examples;
    }

    /// How good a network is by these rows.
    ///
    /// @param sharpness what its logits must be multiplied with: one over the temperature
    /// @param loss weighted mean cross-entropy after that
    /// @param accuracy share of right answers
    public record Judgement(double sharpness, double loss, double accuracy) {}

    /// Holds out what the user set apart, else a tenth of each class, drawn.
    ///
    /// @param identities identity of each row
    /// @param labels class of each row, from 0
    /// @param validation rows that the user set apart; empty when there are none
    /// @param seed decides what is drawn
    /// @param weights how much a row of each class counts
    /// @throws IllegalArgumentException when nothing is left to learn from, or to choose by
    public static HeldOut of(
            List<String> identities, int[] labels, int classes, int[] validation, long seed, ClassWeights weights) {
        int[] rows = validation.length > 0 ? validation.clone() : drawn(identities, labels, classes, seed);
        boolean[] isHeldOut = new boolean[labels.length];
        Arrays.stream(rows).forEach(row -> isHeldOut[row] = true);
        int[] learned =
                IntStream.range(0, labels.length).filter(row -> !isHeldOut[row]).toArray();
        if (learned.length == 0 || rows.length == 0) {
            throw new IllegalArgumentException("a training needs rows to learn from, and rows to choose by");
        }
        return new HeldOut(rows, learned, Examples.of(labels, classes, weights).select(rows));
    }

    private static int[] drawn(List<String> identities, int[] labels, int classes, long seed) {
        return Folds.shuffledByClass(identities, labels, classes, seed, "hold-out").stream()
                .flatMap(rows -> rows.stream().limit(Math.max(1, Math.round(rows.size() * SHARE))))
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /// Returns the rows held out, in order.
    public int[] rows() {
        return rows.clone();
    }

    /// Returns the other rows, in order.
    public int[] learned() {
        return learned.clone();
    }

    /// Judges what a network says of the rows held out.
    ///
    /// @param logits float32 `[rows, classes]`, row-major; `[rows, 1]` is the logit of the second of two classes
    /// @throws NotFiniteException when the loss is not a number
    public Judgement judge(float[] logits) {
        float[] byClass = logits.length == rows.length ? withZeros(logits) : logits;
        Calibration calibration = Calibration.of(byClass, examples);
        return new Judgement(
                calibration.sharpness(),
                calibration.mean(),
                Logits.accuracy(byClass, examples.labels(), examples.classes()));
    }

    /// The softmax of zero and a logit is the logistic function of the logit.
    private static float[] withZeros(float[] logits) {
        float[] pairs = new float[2 * logits.length];
        for (int row = 0; row < logits.length; row++) {
            pairs[2 * row + 1] = logits[row];
        }
        return pairs;
    }
}
