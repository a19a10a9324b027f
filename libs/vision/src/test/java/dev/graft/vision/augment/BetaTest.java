package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BetaTest {
    private static final int COUNT = 20_000;

    private static double[] drawn(double alpha) {
        Draw draw = Draw.of("mix", 1, 1, "test");
        double[] drawn = new double[COUNT];
        Arrays.setAll(drawn, _ -> Beta.drawn(draw, alpha));
        return drawn;
    }

    /// The mean is ½ and the variance 1 / (4 (2A + 1)); a mean of 20,000 deviates by a 141st of the
    /// deviation, at most 0.0036, and the variance of numbers between 0 and 1 by less; four times that.
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.2, 0.5, 1, 2, 10})
    void hasTheMeanAndTheVarianceOfTheDistribution(double alpha) {
        double[] drawn = drawn(alpha);

        double mean = Arrays.stream(drawn).average().orElseThrow();
        double variance =
                Arrays.stream(drawn).map(x -> (x - mean) * (x - mean)).average().orElseThrow();

        assertThat(mean).isCloseTo(0.5, within(0.0144));
        assertThat(variance).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.0144));
    }

    /// With A = ½ it is the arcsine distribution, with 2 it is x² (3 − 2x). Kolmogorov's distance of 20,000
    /// passes 2.23 / √20,000 = 0.0158 once in 10⁴ times.
    @Test
    void hasTheShapeOfTheDistribution() {
        double[] half = drawn(0.5);
        double[] two = drawn(2);
        Arrays.sort(half);
        Arrays.sort(two);

        for (int i = 0; i < COUNT; i++) {
            double below = (i + 0.5) / COUNT;
            assertThat(2 / Math.PI * Math.asin(Math.sqrt(half[i]))).isCloseTo(below, within(0.0158));
            assertThat(two[i] * two[i] * (3 - 2 * two[i])).isCloseTo(below, within(0.0158));
        }
    }

    /// So small a parameter gives gamma numbers that no double holds; what is left is 0 or 1.
    @ParameterizedTest
    @ValueSource(doubles = {1e-18, 1e-3})
    void isANumberWhateverTheParameter(double alpha) {
        assertThat(Arrays.stream(drawn(alpha))).allMatch(x -> x >= 0 && x <= 1);
    }
}
