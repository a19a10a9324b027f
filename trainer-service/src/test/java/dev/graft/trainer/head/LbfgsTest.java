package dev.graft.trainer.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LbfgsTest {
    @Test
    void findsTheMinimumOfAnIllConditionedParabola() {
        // f(x) = Σ i² (x_i − i)² / 2 with i = 1 … 20: the condition number is 400.
        Lbfgs.Objective parabola = (x, gradient) -> {
            double value = 0;
            for (int i = 0; i < x.length; i++) {
                double curvature = (i + 1.0) * (i + 1);
                double distance = x[i] - (i + 1);
                gradient[i] = curvature * distance;
                value += curvature * distance * distance / 2;
            }
            return value;
        };

        Lbfgs.Minimum minimum = Lbfgs.minimise(parabola, new double[20], 1e-8, 200, (_, _) -> {});

        assertThat(minimum.converged()).isTrue();
        for (int i = 0; i < 20; i++) {
            assertThat(minimum.parameters()[i]).isCloseTo(i + 1, within(1e-4));
        }
    }

    @Test
    void stopsAtTheStepLimit() {
        Lbfgs.Objective slope = (x, gradient) -> {
            gradient[0] = -1;
            return -x[0];
        };

        Lbfgs.Minimum minimum = Lbfgs.minimise(slope, new double[] {0}, 1e-8, 7, (_, _) -> {});

        assertThat(minimum.steps()).isEqualTo(7);
        assertThat(minimum.converged()).isFalse();
    }
}
