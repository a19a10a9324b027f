package dev.graft.trainer.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.weightstore.WeightStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChosenExtractorTest {
    private static final ExtractorChoice EIGHT_BITS = new ExtractorChoice(null, null, null, Precision.INT8);

    private final WeightStore weights = new WeightStore(new InMemoryObjectStore(), Path.of("target", "weights"));

    @Test
    void isMadeOfTheRangesThatFeaturesWereComputedWith() {
        ActivationRanges bundled =
                ChosenExtractor.of(weights, EIGHT_BITS).ranges().orElseThrow();
        weights.putRanges(from(bundled, "the first pictures"));
        ChosenExtractor first = ChosenExtractor.of(weights, EIGHT_BITS);
        weights.keepRanges(first.identity(), first.ranges().orElseThrow());

        weights.putRanges(from(bundled, "other pictures"));

        ChosenExtractor now = ChosenExtractor.of(weights, EIGHT_BITS);
        assertThat(now.identity()).isNotEqualTo(first.identity());
        assertThat(ChosenExtractor.of(weights, EIGHT_BITS, first.identity().digest()))
                .extracting(ChosenExtractor::identity, ChosenExtractor::ranges)
                .containsExactly(first.identity(), first.ranges());
    }

    @Test
    void saysThatTheRangesOfFeaturesAreLost() {
        ActivationRanges bundled =
                ChosenExtractor.of(weights, EIGHT_BITS).ranges().orElseThrow();
        weights.putRanges(from(bundled, "the first pictures"));
        String digest = ChosenExtractor.of(weights, EIGHT_BITS).identity().digest();
        weights.putRanges(from(bundled, "other pictures"));

        assertThatThrownBy(() -> ChosenExtractor.of(weights, EIGHT_BITS, digest))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("were not kept");
    }

    @Test
    void refusesTheExtractorOfAnotherRelease() {
        assertThatThrownBy(() -> ChosenExtractor.of(weights, ExtractorChoice.defaults(), "0".repeat(64)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Both services must be of one release");
    }

    private static ActivationRanges from(ActivationRanges ranges, String source) {
        return new ActivationRanges(
                ranges.backbone(),
                ranges.weightsSha256(),
                ranges.preprocessingDigest(),
                source,
                ranges.pictures(),
                ranges.rule(),
                ranges.values());
    }
}
