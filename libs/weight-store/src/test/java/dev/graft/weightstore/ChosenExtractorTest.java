package dev.graft.weightstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.weightstore.UnusableChoiceException.Reason;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChosenExtractorTest {
    /// The key of embeddings that are stored: never edited.
    private static final String DEFAULT_DIGEST = "cbca192210d4e0c35652d53da292a93c0691bf359333320b7cb50bfb373d5b74";

    private final WeightStore weights = new WeightStore(new InMemoryObjectStore(), Path.of("target", "weights"));

    @Test
    void ofNoChoiceIsTheDefaultExtractor() {
        ChosenExtractor chosen = ChosenExtractor.of(weights, ExtractorChoice.defaults());

        assertThat(chosen.identity().digest()).isEqualTo(DEFAULT_DIGEST);
        assertThat(chosen.dimension()).isEqualTo(1280);
        assertThat(chosen.inputSizePixels()).isEqualTo(224);
        assertThat(chosen.quantisation()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"global_pool", "Global_Pool", "GLOBAL_POOL", "global*", "*pool"})
    void isTheSameUnderEverySpellingOfTheLayer(String layer) {
        assertThat(ChosenExtractor.of(weights, choice(null, layer, null, Precision.F32))
                        .identity()
                        .digest())
                .isEqualTo(DEFAULT_DIGEST);
    }

    @Test
    void isTheSameWhetherDefaultsAreWrittenOrNot() {
        assertThat(ChosenExtractor.of(weights, choice("tf_efficientnet_lite0", "global_pool", 224, Precision.F32))
                        .identity()
                        .digest())
                .isEqualTo(DEFAULT_DIGEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocks.4", "BLOCKS.4", "blocks.4*"})
    void ofAStageIsThatOfItsLastStep(String layer) {
        ChosenExtractor stage = ChosenExtractor.of(weights, choice(null, layer + ":pooled", null, Precision.F32));

        assertThat(stage.layer().name()).startsWith("blocks.4.").doesNotContain("*");
        assertThat(stage.identity())
                .isEqualTo(
                        ChosenExtractor.of(weights, choice(null, stage.layer().toString(), null, Precision.F32))
                                .identity());
    }

    @ParameterizedTest
    @CsvSource({
        "no_such_net, , , F32, BACKBONE_UNKNOWN, tf_efficientnet_lite0.in1k",
        "vgg16, , , F32, WEIGHTS_ABSENT, ./graft weights pull vgg16.tv_in1k",
        ", nothing, , F32, LAYER_UNKNOWN, blocks.4",
        ", global_pool:pooled, , F32, LAYER_UNKNOWN, :pooled",
        ", blocks.0, 512, F32, LAYER_TOO_LARGE, :pooled",
        "inception_v3, , 32, F32, INPUT_SIZE_UNSUPPORTED, 32 pixels"
    })
    void isRefusedWithTheReasonAndWhatThereIsInstead(
            @Nullable String backbone,
            @Nullable String layer,
            @Nullable Integer inputSize,
            Precision precision,
            Reason reason,
            String detail) {
        assertThatExceptionOfType(UnusableChoiceException.class)
                .isThrownBy(() -> ChosenExtractor.of(weights, choice(backbone, layer, inputSize, precision)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .withMessageContaining(detail);
    }

    private static ExtractorChoice choice(
            @Nullable String backbone, @Nullable String layer, @Nullable Integer inputSize, Precision precision) {
        return new ExtractorChoice(backbone, layer, inputSize, precision);
    }
}
