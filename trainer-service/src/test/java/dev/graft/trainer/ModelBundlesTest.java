package dev.graft.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.head.HeadLayer;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.Lineage;
import dev.graft.trainer.model.ModelBundles;
import dev.graft.trainer.model.NewVersion;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.trainer.stage.HeadFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelBundlesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What predict-service reads at most of a `model.json`.
    private static final int READ_BYTES_MAX = 8 << 20;

    @TempDir
    Path directory;

    /// The confusion matrix grows with the square of the classes.
    @ParameterizedTest
    @CsvSource({"400, true", "2500, false"})
    void modelJsonCanBeReadHoweverManyClassesThereAre(int classes, boolean withMatrix) throws IOException {
        InMemoryObjectStore store = new InMemoryObjectStore();
        ModelBundles bundles =
                new ModelBundles(store, Backbone.WEIGHTS, new ScratchFolder(directory.resolve("graft-scratch-test")));

        NewVersion version = bundles.write(model(classes), _ -> "<html></html>");

        byte[] card = store.read(ObjectKeys.bundlePrefix("many", 1) + ModelCard.FILE, READ_BYTES_MAX);
        JsonNode metrics = JSON.readTree(card).path("metrics");
        assertThat(metrics.path("images").asInt()).isEqualTo(classes);
        assertThat(metrics.path("confusionMatrix").isArray()).isEqualTo(withMatrix);
        assertThat(JSON.readValue(card, ModelCard.class).labels()).hasSize(classes);
        assertThat(version.version()).isEqualTo(1);
    }

    private static TrainedModel model(int classes) {
        List<String> labels =
                IntStream.range(0, classes).mapToObj("class %05d"::formatted).toList();
        List<Partition.Example> examples = IntStream.range(0, classes)
                .mapToObj(label -> new Partition.Example("%064x".formatted(label), label))
                .toList();
        TrainedHead head = new TrainedHead(
                List.of(new HeadLayer(1280, classes, new float[1280 * classes], new float[classes])),
                false,
                List.of(),
                1,
                1,
                null,
                List.of(),
                0);
        float[][] probabilities = new float[classes][classes];
        for (int row = 0; row < classes; row++) {
            probabilities[row][row] = 1;
        }
        return new TrainedModel(
                "many",
                1,
                new Lineage("run", Instant.EPOCH, "many", 1, "0".repeat(64), "1".repeat(64)),
                Map.of("head", "linear"),
                "linear",
                Extractors.chosen(Backbone.WEIGHTS, ExtractorChoice.defaults()),
                new Partition(labels, examples, new int[0], examples, Partition.Source.TEST_SPLIT),
                Optional.empty(),
                head,
                HeadFile.write(head, labels, "linear"),
                Evaluation.of(probabilities, IntStream.range(0, classes).toArray(), classes));
    }
}
