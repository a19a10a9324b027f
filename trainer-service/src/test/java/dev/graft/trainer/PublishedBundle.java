package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.onnxruntime.PixelClassifier;
import dev.graft.trainer.model.BundleFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A bundle in object storage, as its readers see it.
record PublishedBundle(Stage stage, String prefix, ModelCard card) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Reads a bundle and checks that every file of it is there, as listed, in object storage and over REST.
    static PublishedBundle complete(Stage stage, String model, int version) throws IOException {
        String prefix = ObjectKeys.bundlePrefix(model, version);
        ModelCard card = JSON.readValue(stage.read(prefix + ModelCard.FILE), ModelCard.class);
        assertThat(card.files())
                .containsKeys("head.safetensors", "model.onnx", "predictions.jsonl", "report.html")
                .hasSizeLessThanOrEqualTo(5);
        card.files().forEach((name, file) -> {
            byte[] bytes = stage.read(prefix + name);
            assertThat(Sha256.of(bytes)).isEqualTo(file.sha256());
            assertThat(bytes).hasSize((int) file.sizeBytes());
            assertThat(given().get("/v1/models/%s/versions/%d/files/%s".formatted(model, version, name))
                            .then()
                            .statusCode(200)
                            .extract()
                            .asByteArray())
                    .isEqualTo(bytes);
        });
        return new PublishedBundle(stage, prefix, card);
    }

    /// Reads what the head answered to the images of the evaluation, one line an image.
    List<JsonNode> measured() throws IOException {
        try (var lines =
                JSON.readerFor(JsonNode.class).<JsonNode>readValues(stage.read(prefix + BundleFiles.PREDICTIONS))) {
            return lines.readAll();
        }
    }

    /// Asks the exported network about the images of the evaluation.
    void assertServesWhatWasMeasured() throws IOException {
        Path network = Files.createTempFile("model", ".onnx");
        Files.write(network, stage.read(prefix + ModelCard.NETWORK));
        List<JsonNode> measured = measured();
        assertThat(measured.stream().map(line -> line.path("imageId").asText())).isSorted();
        Backbone backbone = stage.features.backbone();
        try (PixelClassifier classifier = PixelClassifier.load(network, 1)) {
            for (JsonNode line : measured) {
                byte[] image = stage.read(ObjectKeys.image(line.path("imageId").asText()));
                float[] served = classifier.classify(backbone.pixels(image))[0];
                int best = 0;
                for (int label = 0; label < card.labels().size(); label++) {
                    assertThat(line.path("probabilities").path(label).floatValue())
                            .isCloseTo(served[label], within(1e-5f));
                    best = served[label] > served[best] ? label : best;
                }
                assertThat(line.path("predicted").asText())
                        .isEqualTo(card.labels().get(best));
            }
            assertThat(classifier.classify(card.selfTest().pixels(224)))
                    .hasDimensions(2, card.labels().size());
        } finally {
            Files.delete(network);
        }
    }
}
