package dev.graft.networks.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossTest {
    /// A power of two, so that logits that are multiples of 2⁻⁶ move by it exactly in float32.
    private static final float H = 0x1p-10f;

    /// Central differences err by h² / 6 times the third derivative, which is at most ¼ of a row's weight: 4e-8
    /// · w.
    private static final double DIFFERENCE_TOLERANCE = 1e-7;

    /// Sums of some ten terms in double precision.
    private static final double ROUNDING = 1e-14;

    private final SplittableRandom random = new SplittableRandom(3);

    @ParameterizedTest
    @CsvSource({"SOFTMAX,5,0", "SOFTMAX,5,0.1", "SOFTMAX,2,0.3", "SIGMOID,2,0", "SIGMOID,2,0.1"})
    void slopesAreThoseOfCentralDifferences(Loss.Output output, int classes, double smoothing) {
        Loss loss = new Loss(output, smoothing);
        int rows = 6;
        Targets targets = softTargets(rows, classes);
        float[] logits = logits(rows * loss.logitsOf(classes));
        double[] slopes = new double[logits.length];
        loss.evaluate(logits, targets, 8, slopes);
        double[] unused = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            float value = logits[i];
            logits[i] = value + H;
            double above = loss.evaluate(logits, targets, 8, unused);
            logits[i] = value - H;
            double below = loss.evaluate(logits, targets, 8, unused);
            logits[i] = value;
            assertThat(slopes[i]).isCloseTo((above - below) / (2 * H), within(DIFFERENCE_TOLERANCE));
        }
    }

    /// Computed by the definition, which is safe for logits as small as these.
    @Test
    void valueIsTheCrossEntropyOfTheSmoothedTargets() {
        float[] logits = {0.5f, -1, 2, 0, 0.25f, -0.75f};
        Targets targets = Targets.ofLabels(3, new int[] {2, 0}, new double[] {1.5, 1, 0.5});
        double expected = 0;
        for (int row = 0; row < 2; row++) {
            double sum = 0;
            for (int label = 0; label < 3; label++) {
                sum += Math.exp(logits[3 * row + label]);
            }
            for (int label = 0; label < 3; label++) {
                double target = 0.9 * targets.share(row, label) + 0.1 / 3;
                expected -= targets.weight(row) * target * Math.log(Math.exp(logits[3 * row + label]) / sum) / 4;
            }
        }
        assertThat(new Loss(Loss.Output.SOFTMAX, 0.1).evaluate(logits, targets, 4, new double[6]))
                .isCloseTo(expected, within(ROUNDING));
    }

    /// `1 / (1 + exp(−z))` is what the softmax of 0 and z gives to the second.
    @Test
    void aSigmoidIsTheSoftmaxOfZeroAndItsLogit() {
        Targets targets = softTargets(7, 2);
        float[] logits = logits(7);
        logits[0] = 80;
        logits[1] = -80;
        float[] pairs = new float[14];
        for (int row = 0; row < 7; row++) {
            pairs[2 * row + 1] = logits[row];
        }
        double[] slopes = new double[7];
        double[] pairSlopes = new double[14];
        double sigmoid = new Loss(Loss.Output.SIGMOID, 0.2).evaluate(logits, targets, 7, slopes);
        double softmax = new Loss(Loss.Output.SOFTMAX, 0.2).evaluate(pairs, targets, 7, pairSlopes);
        assertThat(sigmoid).isCloseTo(softmax, within(1e-13)); // terms up to 80
        for (int row = 0; row < 7; row++) {
            assertThat(slopes[row]).isCloseTo(pairSlopes[2 * row + 1], within(ROUNDING));
        }
    }

    @Test
    void staysFiniteForLogitsOfAnySize() {
        float[] logits = {3e38f, -3e38f, 0, -3e38f, 3e38f, 1};
        double[] slopes = new double[6];
        Targets targets = Targets.ofLabels(3, new int[] {1, 1}, new double[] {1, 1, 1});
        double loss = new Loss(Loss.Output.SOFTMAX, 0).evaluate(logits, targets, 2, slopes);
        assertThat(loss).isCloseTo(3e38, within(1e32));
        assertThat(slopes).containsExactly(0.5, -0.5, 0, 0, 0, 0);
        double[] slope = new double[1];
        Targets second = Targets.ofLabels(2, new int[] {1}, new double[] {1, 1});
        assertThat(new Loss(Loss.Output.SIGMOID, 0).evaluate(new float[] {-3e38f}, second, 1, slope))
                .isCloseTo(3e38, within(1e32));
        assertThat(slope).containsExactly(-1);
    }

    @Test
    void isNotFiniteWhenALogitIsNot() {
        Targets targets = Targets.ofLabels(2, new int[] {0}, new double[] {1, 1});
        assertThat(new Loss(Loss.Output.SOFTMAX, 0).evaluate(new float[] {Float.NaN, 0}, targets, 1, new double[2]))
                .isNaN();
        assertThat(new Loss(Loss.Output.SIGMOID, 0).evaluate(new float[] {Float.NaN}, targets, 1, new double[1]))
                .isNaN();
    }

    /// The parts of a batch have the slopes that they have in the whole, and their losses add up.
    @Test
    void partsOfABatchAddUp() {
        Loss loss = new Loss(Loss.Output.SOFTMAX, 0.1);
        Targets targets = softTargets(5, 4);
        float[] logits = logits(20);
        double[] slopes = new double[20];
        double whole = loss.evaluate(logits, targets, 5, slopes);
        double[] firstSlopes = new double[8];
        double[] lastSlopes = new double[12];
        double first = loss.evaluate(Arrays.copyOf(logits, 8), targets.rows(0, 2), 5, firstSlopes);
        double last = loss.evaluate(Arrays.copyOfRange(logits, 8, 20), targets.rows(2, 3), 5, lastSlopes);
        assertThat(first + last).isCloseTo(whole, within(ROUNDING));
        assertThat(Arrays.copyOf(slopes, 8)).isEqualTo(firstSlopes);
        assertThat(Arrays.copyOfRange(slopes, 8, 20)).isEqualTo(lastSlopes);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> new Loss(Loss.Output.SOFTMAX, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Loss(Loss.Output.SOFTMAX, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        Loss loss = new Loss(Loss.Output.SOFTMAX, 0);
        Targets targets = softTargets(2, 3);
        assertThatThrownBy(() -> loss.evaluate(new float[5], targets, 2, new double[5]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> loss.evaluate(new float[6], targets, 1, new double[6]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> loss.evaluate(new float[6], targets, 2, new double[7]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Loss(Loss.Output.SIGMOID, 0).logitsOf(3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Targets softTargets(int rows, int classes) {
        double[] shares = new double[rows * classes];
        double[] weights = new double[rows];
        for (int row = 0; row < rows; row++) {
            weights[row] = random.nextDouble(0.5, 1.5);
            double rest = 1;
            for (int label = 1; label < classes; label++) {
                shares[row * classes + label] = random.nextDouble(rest);
                rest -= shares[row * classes + label];
            }
            shares[row * classes] = rest;
        }
        return Targets.of(classes, shares, weights);
    }

    private float[] logits(int count) {
        float[] logits = new float[count];
        for (int i = 0; i < count; i++) {
            logits[i] = random.nextInt(-200, 200) * 0x1p-6f;
        }
        return logits;
    }
}
