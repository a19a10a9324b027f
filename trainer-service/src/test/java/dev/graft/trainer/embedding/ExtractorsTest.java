package dev.graft.trainer.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.WeightStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExtractorsTest {
    private static final ExtractorChoice EIGHT_BITS = new ExtractorChoice(null, null, null, Precision.INT8);

    private final WeightStore weights = new WeightStore(new InMemoryObjectStore(), Path.of("target", "weights"));

    @Test
    void isMadeOfTheRangesThatFeaturesWereComputedWith() {
        ActivationRanges bundled =
                Extractors.chosen(weights, EIGHT_BITS).ranges().orElseThrow();
        weights.putRanges(from(bundled, "the first pictures"));
        ChosenExtractor first = Extractors.chosen(weights, EIGHT_BITS);
        weights.keepRanges(first.identity(), first.ranges().orElseThrow());

        weights.putRanges(from(bundled, "other pictures"));

        ChosenExtractor now = Extractors.chosen(weights, EIGHT_BITS);
        assertThat(now.identity()).isNotEqualTo(first.identity());
        assertThat(Extractors.chosen(weights, EIGHT_BITS, first.identity().digest()))
                .extracting(ChosenExtractor::identity, ChosenExtractor::ranges)
                .containsExactly(first.identity(), first.ranges());
    }

    @Test
    void saysThatTheRangesOfFeaturesAreLost() {
        ActivationRanges bundled =
                Extractors.chosen(weights, EIGHT_BITS).ranges().orElseThrow();
        weights.putRanges(from(bundled, "the first pictures"));
        String digest = Extractors.chosen(weights, EIGHT_BITS).identity().digest();
        weights.putRanges(from(bundled, "other pictures"));

        assertThatThrownBy(() -> Extractors.chosen(weights, EIGHT_BITS, digest))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("were not kept");
    }

    @Test
    void refusesTheExtractorOfAnotherRelease() {
        assertThatThrownBy(() -> Extractors.chosen(weights, ExtractorChoice.defaults(), "0".repeat(64)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("both services must be of one release");
    }

    private static ActivationRanges from(ActivationRanges ranges, String source) {
        return new ActivationRanges(
                ranges.backbone(),
                ranges.weightsSha256(),
                ranges.preprocessingDigest(),
                source,
                ranges.images(),
                ranges.rule(),
                ranges.values());
    }
}
