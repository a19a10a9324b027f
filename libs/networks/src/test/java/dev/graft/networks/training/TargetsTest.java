package dev.graft.networks.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TargetsTest {
    @Test
    void balancedClassesCountAlikeAndRowsOneOnAverage() {
        int[] labels = {0, 0, 0, 1, 2, 2};
        double[] weights = Targets.balancedWeights(3, labels);
        assertThat(weights).containsExactly(6 / 9., 2, 1);
        Targets targets = Targets.ofLabels(3, labels, weights);
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            sum += targets.weight(row);
        }
        assertThat(sum / labels.length).isCloseTo(1, within(1e-15));
        assertThat(Targets.balancedWeights(2, new int[] {1, 1})).containsExactly(0, 0.5);
    }

    @Test
    void mixturesAreOfSharesAndWeights() {
        Targets targets = Targets.ofLabels(2, new int[] {0, 1}, new double[] {1, 3});
        Targets mixed = targets.mixedWith(new int[] {1, 0}, 0.75);
        assertThat(mixed.share(0, 0)).isEqualTo(0.75);
        assertThat(mixed.share(0, 1)).isEqualTo(0.25);
        assertThat(mixed.share(1, 1)).isEqualTo(0.75);
        assertThat(mixed.weight(0)).isEqualTo(1.5);
        assertThat(mixed.weight(1)).isEqualTo(2.5);
        assertThat(targets.mixedWith(new int[] {1, 0}, 1).share(0, 0)).isEqualTo(1);
        assertThat(mixed.rows(1, 1).share(0, 1)).isEqualTo(0.75);
        assertThat(mixed.rows(1, 1).weight(0)).isEqualTo(2.5);
        assertThat(mixed.rows()).isEqualTo(2);
        assertThat(mixed.classes()).isEqualTo(2);
    }

    /// The slope of the mixture is the mixture of the slopes only when the logits are the same; of what is
    /// mixed, the shares of any two rows add up to 1 again.
    @Test
    void mixturesOfManyClassesStillAddUp() {
        double[] shares = {0.1, 0.2, 0.7, 1. / 3, 1. / 3, 1. / 3};
        Targets mixed = Targets.of(3, shares, new double[] {1, 1}).mixedWith(new int[] {1, 1}, 0.3);
        assertThat(mixed.share(0, 0) + mixed.share(0, 1) + mixed.share(0, 2)).isCloseTo(1, within(1e-15));
    }

    @Test
    void refusesWhatIsNoTarget() {
        double[] one = {1};
        assertRefused(() -> Targets.of(2, new double[] {0.5, 0.4}, one));
        assertRefused(() -> Targets.of(2, new double[] {1.5, -0.5}, one));
        assertRefused(() -> Targets.of(2, new double[] {Double.NaN, 1}, one));
        assertRefused(() -> Targets.of(2, new double[] {0.5, 0.5}, new double[] {-1}));
        assertRefused(() -> Targets.of(2, new double[] {0.5, 0.5}, new double[] {Double.POSITIVE_INFINITY}));
        assertRefused(() -> Targets.of(2, new double[3], one));
        assertRefused(() -> Targets.of(1, new double[] {1}, one));
        assertRefused(() -> Targets.ofLabels(2, new int[] {2}, new double[] {1, 1}));
        assertRefused(() -> Targets.ofLabels(2, new int[] {-1}, new double[] {1, 1}));
        assertRefused(() -> Targets.ofLabels(2, new int[] {1}, new double[] {1, 1, 1}));
        Targets targets = Targets.ofLabels(2, new int[] {1}, new double[] {1, 1});
        assertRefused(() -> targets.mixedWith(new int[] {0}, 1.5));
        assertRefused(() -> targets.mixedWith(new int[] {0, 0}, 0.5));
    }

    private static void assertRefused(Runnable making) {
        assertThatThrownBy(making::run).isInstanceOf(IllegalArgumentException.class);
    }
}
