package dev.graft.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.WeightStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FineTuneSpecsTest {
    private static final ChosenExtractor EXTRACTOR = Extractors.chosen(
            new WeightStore(new InMemoryObjectStore(), Path.of("target", "weights")), ExtractorChoice.defaults());

    /// The documented defaults, to the last bit: users see them as they are written.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"fineTune\": [\"conv_head\"] | 0.0003",
                "\"fineTune\": [\"conv_head\"], \"fineTuning\": {\"optimizer\": \"sgd\"} | 0.003",
                "\"augment\": \"light\" | 0.001",
                "\"augment\": \"light\", \"fineTuning\": {\"optimizer\": \"sgd\"} | 0.01"
            })
    void hasADefaultRateForEachWayToLearn(String settings, double rate) throws IOException {
        assertThat(complete(settings))
                .extracting(FineTuneSettings::learningRate)
                .isEqualTo(rate);
    }

    /// What is not asked for is float32, and is not written into what identifies a request.
    @Test
    void isMixedPrecisionOnlyWhereItIsAskedFor() throws IOException {
        assertThat(complete("\"fineTune\": [\"conv_head\"]"))
                .extracting(FineTuneSettings::mixedPrecision)
                .isEqualTo(false);
        assertThat(complete("\"fineTune\": [\"conv_head\"], \"fineTuning\": {\"mixedPrecision\": true}"))
                .extracting(FineTuneSettings::mixedPrecision)
                .isEqualTo(true);
        assertThat(new ObjectMapper().writeValueAsString(FineTuneRequest.DEFAULT))
                .doesNotContain("mixedPrecision");
    }

    /// Runs that were accepted before there was the setting.
    @Test
    void isFloat32InSettingsThatDoNotSay() throws IOException {
        ObjectMapper json = new ObjectMapper();
        FineTuneSettings settings = Objects.requireNonNull(complete("\"fineTune\": [\"conv_head\"]"));
        String earlier = json.writeValueAsString(settings).replace(",\"mixedPrecision\":false", "");
        assertThat(earlier).doesNotContain("mixedPrecision");
        assertThat(json.readValue(earlier, FineTuneSettings.class)).isEqualTo(settings);
    }

    private static @Nullable FineTuneSettings complete(String settings) throws IOException {
        TrainingRunRequest request = new ObjectMapper()
                .readValue("{\"dataset\": \"any\", %s}".formatted(settings), TrainingRunRequest.class);
        return FineTuneSpecs.complete(request, EXTRACTOR, 0);
    }
}
