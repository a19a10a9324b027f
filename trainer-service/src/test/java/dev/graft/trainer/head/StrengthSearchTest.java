package dev.graft.trainer.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrengthSearchTest {
    @Test
    void takesTheStrongestThatIsAsGoodAsTheBest() {
        // More features than pictures and much noise: regularisation must be strong.
        StrengthSearch.Choice noisy = choose(DrawnPoints.of(60, 200, 2, 4, 1));
        // The class is the small difference of two features that go together: only great weights see it.
        StrengthSearch.Choice clear = choose(smallDifferences());

        assertThat(noisy.strength()).isGreaterThan(clear.strength());
        double best = noisy.candidates().stream()
                .mapToDouble(StrengthCandidate::loss)
                .min()
                .orElseThrow();
        StrengthCandidate chosen = noisy.candidates().get(noisy.chosen());
        assertThat(chosen.loss()).isGreaterThanOrEqualTo(best);
        assertThat(noisy.candidates())
                .extracting(StrengthCandidate::strength)
                .startsWith(1e5, 3e4)
                .isSubsetOf(StrengthSearch.STRENGTHS);
    }

    @Test
    void dealsEveryClassEvenly() {
        DrawnPoints points = DrawnPoints.of(103, 2, 4, 1, 1);
        List<String> identities = points.learningSet().identities();

        int[] folds = Folds.deal(identities, points.labels(), 4, 5, 0, "any");

        for (int label = 0; label < 4; label++) {
            int[] counts = new int[5];
            for (int row = 0; row < folds.length; row++) {
                counts[folds[row]] += points.labels()[row] == label ? 1 : 0;
            }
            assertThat(Arrays.stream(counts)).allMatch(count -> count == 5 || count == 6);
        }
    }

    @Test
    void dealDependsOnIdentityAndSeedAndNotOnOrder() {
        int[] labels = {0, 0, 0, 0, 1, 1, 1, 1};
        List<String> identities = List.of("a", "b", "c", "d", "e", "f", "g", "h");
        int[] otherLabels = {1, 1, 1, 1, 0, 0, 0, 0};

        int[] folds = Folds.deal(identities, labels, 2, 2, 1, "x");
        int[] reversed = Folds.deal(identities.reversed(), otherLabels, 2, 2, 1, "x");

        for (int row = 0; row < 4; row++) {
            assertThat(reversed[7 - row]).as("row %d", row).isEqualTo(folds[row]);
        }
        assertThat(Folds.deal(identities, labels, 2, 2, 2, "x")).isNotEqualTo(folds);
    }

    private static DrawnPoints smallDifferences() {
        DrawnPoints drawn = DrawnPoints.of(600, 2, 2, 1, 1);
        for (int row = 0; row < drawn.labels().length; row++) {
            float[] features = drawn.features()[row];
            features[1] = features[0] + (drawn.labels()[row] == 0 ? 0.05f : -0.05f);
        }
        return drawn;
    }

    private static StrengthSearch.Choice choose(DrawnPoints points) {
        LearningSet set = points.learningSet();
        try (FeatureMatrix features = set.features()) {
            Standardiser.of(features).apply(features);
            return StrengthSearch.search(
                    Workers.sideBySide(2),
                    features,
                    Examples.of(set.labels(), set.classes(), new ClassWeights.Equal()),
                    set.identities(),
                    0,
                    (_, _, _) -> {});
        }
    }
}
