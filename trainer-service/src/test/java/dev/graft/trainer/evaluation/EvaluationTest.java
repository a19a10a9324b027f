package dev.graft.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final float[][] PROBABILITIES = {
        {0.7f, 0.2f, 0.1f}, {0.6f, 0.3f, 0.1f}, {0.1f, 0.8f, 0.1f}, {0.2f, 0.5f, 0.3f}, {0.1f, 0.6f, 0.3f}
    };
    private static final int[] LABELS = {0, 1, 1, 2, 1};

    private final Evaluation evaluation = Evaluation.of(PROBABILITIES, LABELS, 3);

    @Test
    void countsWhatIsTakenForWhat() {
        assertThat(evaluation.confusion())
                .containsExactly(List.of(1L, 0L, 0L), List.of(1L, 2L, 0L), List.of(0L, 1L, 0L));
        assertThat(evaluation.accuracy()).isEqualTo(0.6);
        assertThat(evaluation.topFiveAccuracy()).isEqualTo(1);
        assertThat(evaluation.logLoss()).isCloseTo(-Math.log(0.7 * 0.3 * 0.8 * 0.3 * 0.6) / 5, within(1e-6));
    }

    @Test
    void givesTheFiguresOfEachClass() {
        List<ClassFigures> figures = evaluation.byClass();

        assertThat(figures.get(0)).isEqualTo(new ClassFigures(1, 0.5, 1.0, 2 / 3.0));
        assertThat(figures.get(1)).isEqualTo(new ClassFigures(3, 2 / 3.0, 2 / 3.0, 2 / 3.0));
        assertThat(figures.get(2)).isEqualTo(new ClassFigures(1, null, 0.0, null));
    }

    @Test
    void putsTheMistakeFirstThatHeldTheTruthLeastProbable() {
        float[][] probabilities = {{0.9f, 0.1f}, {0.6f, 0.4f}, {0.97f, 0.03f}};

        assertThat(Evaluation.of(probabilities, new int[] {1, 1, 1}, 2).mistakes())
                .extracting(Evaluation.Answer::row)
                .containsExactly(2, 0, 1);
    }

    @Test
    void countsAmongTheTopFiveOnlyFive() {
        float[][] probabilities = {{0.3f, 0.2f, 0.15f, 0.12f, 0.1f, 0.08f, 0.05f}};

        assertThat(Evaluation.of(probabilities, new int[] {4}, 7).topFiveAccuracy())
                .isEqualTo(1);
        assertThat(Evaluation.of(probabilities, new int[] {5}, 7).topFiveAccuracy())
                .isZero();
    }

    @Test
    void givesWilsonsInterval() {
        // Wilson's interval of 8 in 10, as Newcombe (1998) computes it.
        Interval interval = Interval.wilson(8, 10);

        assertThat(interval.low()).isCloseTo(0.4902, within(1e-4));
        assertThat(interval.high()).isCloseTo(0.9433, within(1e-4));
        assertThat(Interval.wilson(10, 10).high()).isCloseTo(1, within(1e-12));
        assertThat(Interval.wilson(0, 10).low()).isCloseTo(0, within(1e-12));
    }
}
