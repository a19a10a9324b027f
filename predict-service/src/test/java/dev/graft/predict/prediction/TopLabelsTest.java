package dev.graft.predict.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.LabelProbability;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopLabelsTest {
    private static final List<String> LABELS = List.of("a", "b", "c", "d");

    @Test
    void givesTheMostProbableFirst() {
        assertThat(TopLabels.of(new float[] {0.125f, 0.5f, 0.25f, 0.125f}, LABELS, 3))
                .containsExactly(
                        new LabelProbability("b", 0.5),
                        new LabelProbability("c", 0.25),
                        new LabelProbability("a", 0.125));
    }

    @Test
    void givesAllWhenMoreAreWanted() {
        assertThat(TopLabels.of(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, LABELS, 99))
                .extracting(LabelProbability::label)
                .containsExactly("a", "b", "c", "d");
    }
}
