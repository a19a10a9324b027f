package dev.graft.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
    /// Sums of few binomial terms in double precision.
    private static final double ROUNDING = 1e-12;

    /// `2 · P(X ≤ k) − P(X = k)`, counted out: 1 and 7 of 8 are `(2 · 9 − 8) / 256`, the example of Fagerland and
    /// others; 0 and 5 are `1 / 32`; equal numbers have `1 − P(X = k) / 2`.
    @ParameterizedTest
    @CsvSource({"1, 7, 0.0390625", "7, 1, 0.0390625", "0, 5, 0.03125", "2, 2, 0.8125", "0, 0, 1"})
    void countsOutHowLikelyChanceIs(int onlyBefore, int onlyAfter, double probability) {
        assertThat(Comparison.mcNemar(onlyBefore, onlyAfter)).isCloseTo(probability, within(ROUNDING));
    }

    /// A thousand changes do not overflow: by the normal distribution, 460 of them are 2.53 deviations off the middle.
    @Test
    void countsManyChanges() {
        assertThat(Comparison.mcNemar(460, 540)).isCloseTo(0.0114, within(2e-4));
    }

    @Test
    void theIntervalHoldsTheDifferenceAndTurnsWithIt() {
        Comparison better = Comparison.of(80, 4, 11, 100);
        Comparison worse = Comparison.of(80, 11, 4, 100);
        assertThat(better.difference()).isCloseTo(0.07, within(ROUNDING));
        assertThat(better.interval().low()).isLessThan(better.difference());
        assertThat(better.interval().high()).isGreaterThan(better.difference());
        assertThat(worse.interval().low()).isCloseTo(-better.interval().high(), within(ROUNDING));
        assertThat(worse.interval().high()).isCloseTo(-better.interval().low(), within(ROUNDING));
    }

    /// Where nothing changed sides and nothing was wrong, both shares have Wilson's interval and no correlation is
    /// known: the reach is the root of the sum of both squares, one of which is zero.
    @Test
    void knowsLittleOfFewImages() {
        Comparison equal = Comparison.of(20, 0, 0, 20);
        double reach = 1 - Interval.wilson(20, 20).low();
        assertThat(equal.difference()).isZero();
        assertThat(equal.interval().low()).isCloseTo(-reach, within(ROUNDING));
        assertThat(equal.interval().high()).isCloseTo(reach, within(ROUNDING));
        assertThat(equal.probability()).isEqualTo(1);
    }

    /// Answers that go together leave less room for the difference than answers that do not.
    @Test
    void pairsTellMoreThanShares() {
        double paired = width(Comparison.of(85, 2, 3, 100));
        double mixed = width(Comparison.of(75, 12, 13, 100));
        assertThat(paired).isLessThan(mixed);
    }

    private static double width(Comparison comparison) {
        return comparison.interval().high() - comparison.interval().low();
    }
}
