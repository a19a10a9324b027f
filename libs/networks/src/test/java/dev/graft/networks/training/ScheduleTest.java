package dev.graft.networks.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.networks.training.Schedule.Course;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    /// Rates are computed in double precision by the formula itself.
    private static final double ROUNDING = 1e-16;

    @ParameterizedTest
    @CsvSource({"CONSTANT", "COSINE", "STEP"})
    void risesInAStraightLineAndGoesOnFromThePeak(Course course) {
        Schedule schedule = new Schedule(course, 0.8, 4, 100);
        assertThat(rates(schedule, 0, 5)).containsExactly(new double[] {0.2, 0.4, 0.6, 0.8, 0.8}, within(ROUNDING));
        assertThat(new Schedule(course, 0.8, 0, 100).rateAt(0)).isEqualTo(0.8);
    }

    @Test
    void aConstantRateStays() {
        assertThat(rates(new Schedule(Course.CONSTANT, 0.1, 0, 50), 0, 50)).containsOnly(0.1);
    }

    @Test
    void aCosineFallsToNearlyNothing() {
        Schedule schedule = new Schedule(Course.COSINE, 0.01, 10, 110);
        for (int step = 10; step < 110; step++) {
            double expected = 0.5 * 0.01 * (1 + Math.cos(Math.PI * (step - 10) / 100.));
            assertThat(schedule.rateAt(step)).isCloseTo(expected, within(ROUNDING));
        }
        assertThat(schedule.rateAt(60)).isCloseTo(0.005, within(ROUNDING));
        assertThat(schedule.rateAt(109)).isCloseTo(0.01 * 2.467e-4, within(1e-9)); // (π / 100)² / 4
    }

    @Test
    void stepsGoDownTenfoldInEachThird() {
        Schedule schedule = new Schedule(Course.STEP, 1, 2, 11);
        assertThat(rates(schedule, 2, 11))
                .containsExactly(new double[] {1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01}, within(ROUNDING));
        assertThat(rates(new Schedule(Course.STEP, 1, 0, 4), 0, 4))
                .containsExactly(new double[] {1, 1, 0.1, 0.01}, within(ROUNDING));
    }

    /// The rates of PyTorch's `OneCycleLR(max_lr=0.1, total_steps=10)`: its phases end at steps 2 and 9.
    @Test
    void oneCycleRisesAndFallsAsPyTorchs() {
        double start = 0.1 / 25;
        double end = start / 1e4;
        double[] expected = new double[10];
        for (int step = 0; step < 10; step++) {
            expected[step] = step <= 2
                    ? 0.1 + (start - 0.1) / 2 * (1 + Math.cos(Math.PI * step / 2))
                    : end + (0.1 - end) / 2 * (1 + Math.cos(Math.PI * (step - 2) / 7));
        }
        Schedule schedule = new Schedule(Course.ONE_CYCLE, 0.1, 0, 10);
        assertThat(rates(schedule, 0, 10)).containsExactly(expected, within(ROUNDING));
        assertThat(schedule.rateAt(0)).isCloseTo(0.004, within(1e-12));
        assertThat(schedule.rateAt(1)).isCloseTo(0.052, within(1e-12));
        assertThat(schedule.rateAt(2)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.rateAt(9)).isCloseTo(4e-7, within(1e-12));
    }

    /// The cycle of one step is its end; in cycles of two and three, the rise is over before it begins.
    @Test
    void oneCycleIsDefinedForAnyNumberOfSteps() {
        for (int steps = 1; steps < 12; steps++) {
            Schedule schedule = new Schedule(Course.ONE_CYCLE, 0.1, 0, steps);
            for (double rate : rates(schedule, 0, steps)) {
                assertThat(rate).isBetween(4e-7 - 1e-12, 0.1 + 1e-12);
            }
            assertThat(schedule.rateAt(steps - 1)).isCloseTo(4e-7, within(1e-12));
        }
    }

    @Test
    void refusesImpossibleTrainings() {
        assertThatThrownBy(() -> new Schedule(Course.COSINE, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Schedule(Course.COSINE, Double.NaN, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Schedule(Course.COSINE, 1, 5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Schedule(Course.COSINE, 1, -1, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Schedule(Course.ONE_CYCLE, 1, 1, 5)).isInstanceOf(IllegalArgumentException.class);
        Schedule schedule = new Schedule(Course.CONSTANT, 1, 0, 5);
        assertThatThrownBy(() -> schedule.rateAt(5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedule.rateAt(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static double[] rates(Schedule schedule, long from, long to) {
        return LongStream.range(from, to).mapToDouble(schedule::rateAt).toArray();
    }
}
