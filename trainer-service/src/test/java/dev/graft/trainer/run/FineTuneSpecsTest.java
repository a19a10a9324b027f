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
import org.jspecify.annotations.Nullable;
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

    private static @Nullable FineTuneSettings complete(String settings) throws IOException {
        TrainingRunRequest request = new ObjectMapper()
                .readValue("{\"dataset\": \"any\", %s}".formatted(settings), TrainingRunRequest.class);
        return FineTuneSpecs.complete(request, EXTRACTOR, 0);
    }
}
