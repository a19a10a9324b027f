package dev.graft.cli;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.rest.PredictionView;
import dev.graft.cli.rest.Services;
import dev.graft.contracts.LabelProbability;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.Sha256;
import dev.graft.onnxruntime.PixelClassifier;
import dev.graft.stack.Service;
import dev.graft.stack.StackPorts;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Interpolation;
import dev.graft.vision.Preprocessing;
import dev.graft.vision.Preprocessor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One answer on three ways: what the trainer measured on the images of the test split, what the predict
/// service answers about the same files, and what the network that users download answers to the pixels of the
/// same files.
@ExtendWith(SharedStack.class)
class ServedAsMeasuredIT {
    private static final List<String> CLASSES = List.of("clothing", "face");
    private static final int TRAIN_IMAGES = 12;
    private static final int TEST_IMAGES = 5;
    /// Batches of other sizes are summed in other orders; the probabilities differ by some 1e-7.
    private static final double TOLERANCE = 1e-5;

    @TempDir
    static Path temporary;

    private static GraftProgram graft;
    private static Map<String, Path> testImages;

    @BeforeAll
    static void importImages(GraftProgram shared) throws IOException {
        graft = shared;
        Path folder = temporary.resolve("measured");
        for (String label : CLASSES) {
            SampleImages.copy(folder, "train", label, TRAIN_IMAGES);
            SampleImages.copy(folder, "test", label, TEST_IMAGES);
        }
        assertThat(graft.run("import", "measured", folder).status()).isZero();
        testImages = SampleImages.files(folder.resolve("test")).stream()
                .collect(toMap(file -> Sha256.of(bytes(file)), file -> file));
    }

    @ParameterizedTest
    @CsvSource({"linear, of-linear", "mlp:32, of-mlp", "sigmoid, of-sigmoid"})
    void trainerServiceAndDownloadedNetworkAnswerTheSame(String head, String model) throws Exception {
        assertThat(graft.run("train", "measured", "--model", model, "--head", head)
                        .status())
                .isZero();
        ModelCard card = new ObjectMapper().readValue(download(model, "model.json"), ModelCard.class);
        List<JsonNode> measured = measured(download(model, "predictions.jsonl"));
        Path network = Files.write(temporary.resolve(model + ".onnx"), download(model, "model.onnx"));
        Services services = Services.at(new StackPorts(graft.portBase()), _ -> {});
        services.predict().awaitServing(model, 1);

        assertThat(measured).hasSize(CLASSES.size() * TEST_IMAGES);
        try (PixelClassifier classifier = PixelClassifier.load(network, 1)) {
            Preprocessor preprocessor = preprocessor(card);
            for (JsonNode line : measured) {
                Path file = Objects.requireNonNull(
                        testImages.get(line.path("imageId").asText()));
                float[] downloaded = classifier.classify(preprocessor.read(bytes(file)))[0];
                Map<String, Double> served = byLabel(services.predict()
                        .predict(model, List.of(bytes(file)), CLASSES.size())
                        .getFirst());
                for (int label = 0; label < card.labels().size(); label++) {
                    double trainers = line.path("probabilities").path(label).asDouble();
                    assertThat(served.get(card.labels().get(label)))
                            .as("%s of %s", card.labels().get(label), file)
                            .isCloseTo(trainers, within(TOLERANCE));
                    assertThat((double) downloaded[label]).isCloseTo(trainers, within(TOLERANCE));
                }
                assertThat(file.getParent().getFileName())
                        .hasToString(line.path("label").asText());
            }
        }
    }

    private static Map<String, Double> byLabel(PredictionView prediction) {
        return Objects.requireNonNull(prediction.predictions()).stream()
                .collect(toMap(LabelProbability::label, LabelProbability::probability));
    }

    private static Preprocessor preprocessor(ModelCard card) {
        ModelCard.Preprocessing recipe = card.preprocessing();
        return new Preprocessor(
                new Preprocessing(
                        recipe.inputSize(),
                        recipe.cropFraction(),
                        Interpolation.valueOf(recipe.interpolation().toUpperCase(Locale.ROOT)),
                        recipe.mean(),
                        recipe.std()),
                DecodeLimits.STANDARD);
    }

    private static List<JsonNode> measured(byte[] lines) throws IOException {
        try (var values = new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(lines)) {
            return values.readAll();
        }
    }

    private static byte[] download(String model, String file) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:%d/v1/models/%s/versions/1/files/%s"
                .formatted(new StackPorts(graft.portBase()).of(Service.TRAINER), model, file));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer =
                    http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
