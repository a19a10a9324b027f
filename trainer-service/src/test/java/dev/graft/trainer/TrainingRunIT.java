package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.backbones.engine.PixelClassifier;
import dev.graft.contracts.Event;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelPublished;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Split;
import dev.graft.contracts.Topics;
import dev.graft.contracts.TrainingFinished;
import dev.graft.contracts.TrainingProgressed;
import dev.graft.testkit.GraftBackends;
import dev.graft.trainer.head.FeatureMatrix;
import dev.graft.trainer.head.HeadForward;
import dev.graft.trainer.model.HeadFile;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(IngestStub.class)
class TrainingRunIT {
    private static final String BY_DEFAULT = "{\"dataset\": \"%s\"}";

    @Inject
    Stage stage;

    @Inject
    DataSource database;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void trainsEvaluatesAndPublishes() throws IOException {
        String dataset = stage.dataset("shapes", 3, 14, i -> i < 10 ? Split.TRAIN : Split.TEST);

        JsonPath run = stage.ended(stage.begin(BY_DEFAULT.formatted(dataset)));

        assertThat(run.getString("state")).as(run.prettify()).isEqualTo("SUCCEEDED");
        assertThat(run.getInt("version")).isEqualTo(1);
        assertThat(run.getString("model")).isEqualTo(dataset);
        assertThat(run.getDouble("result.testAccuracy")).isGreaterThan(0.8);
        assertThat(run.getList("result.labels")).containsExactly("boxes", "discs", "stripes");
        assertThat(run.getString("result.evaluatedOn")).isEqualTo("TEST_PART");
        assertThat(run.getLong("result.embeddings.computed")).isEqualTo(42);
        assertThat(run.getString("spec.optimizer")).isEqualTo("lbfgs");
        ModelCard card = assertBundle(dataset, 1);
        assertThat(run.getString("result.digest"))
                .isEqualTo(card.files().get("head.safetensors").sha256());
        assertServesWhatWasMeasured(dataset, card);
        assertTold(run.getString("id"), dataset);
        given().get("/v1/models/" + dataset)
                .then()
                .body("production", equalTo(1))
                .body("versions", equalTo(1));
        given().get("/v1/models/" + dataset + "/versions/1")
                .then()
                .body("card.selfTest.seed", equalTo(20_260_101))
                .body("production", equalTo(true));
        given().get("/v1/training-runs/" + run.getString("id") + "/report")
                .then()
                .statusCode(200)
                .contentType("text/html")
                .body(containsString("served for this evaluation only"), containsString("data:image/jpeg;base64,"));
    }

    private ModelCard assertBundle(String model, int version) throws IOException {
        String prefix = ObjectKeys.bundlePrefix(model, version);
        ModelCard card = new ObjectMapper().readValue(stage.read(prefix + ModelCard.FILE), ModelCard.class);
        assertThat(card.files()).containsOnlyKeys("head.safetensors", "model.onnx", "report.html");
        card.files().forEach((name, file) -> {
            byte[] bytes = stage.read(prefix + name);
            assertThat(Stage.sha256(bytes)).isEqualTo(file.sha256());
            assertThat(bytes).hasSize((int) file.sizeBytes());
            assertThat(given().get("/v1/models/%s/versions/%d/files/%s".formatted(model, version, name))
                            .then()
                            .statusCode(200)
                            .extract()
                            .asByteArray())
                    .isEqualTo(bytes);
        });
        return card;
    }

    private void assertServesWhatWasMeasured(String model, ModelCard card) throws IOException {
        String prefix = ObjectKeys.bundlePrefix(model, card.version());
        Path network = Files.createTempFile("model", ".onnx");
        Files.write(network, stage.read(prefix + ModelCard.NETWORK));
        List<byte[]> files = new ArrayList<>();
        for (int label = 0; label < 3; label++) {
            for (int i = 100; i < 104; i++) {
                files.add(Pictures.png(label, i));
            }
        }
        Backbone backbone = stage.features.backbone();
        try (PixelClassifier classifier = PixelClassifier.load(network, 1);
                FeatureMatrix features = FeatureMatrix.of(backbone.embed(files))) {
            float[][] measured =
                    HeadForward.probabilities(HeadFile.read(stage.read(prefix + "head.safetensors")), features);
            for (int i = 0; i < measured.length; i++) {
                float[] served = classifier.classify(backbone.pixels(files.get(i)))[0];
                for (int label = 0; label < 3; label++) {
                    assertThat(served[label]).isCloseTo(measured[i][label], within(1e-5f));
                }
            }
            assertThat(classifier.classify(card.selfTest().pixels(224))).hasDimensions(2, 3);
        } finally {
            Files.delete(network);
        }
    }

    private void assertTold(String run, String model) {
        List<Event> finished = stage.heard(
                Topics.TRAININGS_FINISHED,
                events -> events.stream().anyMatch(event -> event.partitionKey().equals(run)));
        assertThat(finished.stream().filter(event -> event.partitionKey().equals(run)))
                .singleElement()
                .matches(event -> ((TrainingFinished) event).outcome() == TrainingFinished.Outcome.SUCCEEDED);
        assertThat(stage.heard(Topics.TRAININGS_PROGRESSED, _ -> false).stream()
                        .filter(event -> event.partitionKey().equals(run))
                        .map(event -> ((TrainingProgressed) event).phase())
                        .distinct())
                .containsExactly(TrainingProgressed.Phase.values());
        List<ModelPublished> published = published(model);
        assertThat(published).singleElement().satisfies(event -> {
            assertThat(event.version()).isEqualTo(1);
            assertThat(Stage.sha256(stage.read(event.bundlePrefix() + ModelCard.FILE)))
                    .isEqualTo(event.modelDigest());
        });
    }

    private List<ModelPublished> published(String model) {
        return stage
                .heard(
                        Topics.MODELS_PUBLISHED,
                        events -> events.stream()
                                .anyMatch(event -> event.partitionKey().equals(model)))
                .stream()
                .filter(event -> event.partitionKey().equals(model))
                .map(ModelPublished.class::cast)
                .toList();
    }

    @Test
    void sameManifestSpecAndSeedGiveTheSameHeadAndANewVersionThatWaitsForPromotion() {
        String dataset = stage.dataset("again", 2, 12, _ -> null);

        JsonPath first = stage.ended(stage.begin(BY_DEFAULT.formatted(dataset)));
        JsonPath second = stage.ended(stage.begin(BY_DEFAULT.formatted(dataset)));

        assertThat(second.getString("result.digest")).isEqualTo(first.getString("result.digest"));
        assertThat(first.getString("result.evaluatedOn")).isEqualTo("DRAWN");
        assertThat(second.getInt("version")).isEqualTo(2);
        given().get("/v1/models/" + dataset)
                .then()
                .body("production", equalTo(1))
                .body("newest", equalTo(2));

        given().contentType(ContentType.JSON)
                .body("{\"version\": 2}")
                .put("/v1/models/" + dataset + "/production")
                .then()
                .statusCode(200)
                .body("production", equalTo(2));
        given().contentType(ContentType.JSON)
                .body("{\"version\": 7}")
                .put("/v1/models/" + dataset + "/production")
                .then()
                .statusCode(404)
                .body("type", equalTo("https://graft.dev/problems/model-version-not-found"));

        await().atMost(Stage.PATIENCE)
                .untilAsserted(() -> assertThat(published(dataset))
                        .extracting(ModelPublished::version)
                        .containsExactly(1, 2));
    }

    @ParameterizedTest
    @CsvSource({"TRAINING", "EVALUATING", "PUBLISHING"})
    void endsWithTheSameVersionWhenItsProcessDiesInAnyPhase(String phase) throws SQLException {
        String dataset = stage.dataset("held", 2, 12, _ -> null);
        String run = stage.begin(BY_DEFAULT.formatted(dataset));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));
        // As a process that was killed leaves it: in a phase, with a version, under a lease that nobody prolongs.
        execute("update training_run set state = 'EMBEDDING', version = 1, lease_id = 'dead', "
                + "lease_expires_at = now() + interval '1 hour' where id = '%s'".formatted(run));
        stage.features.letGo(run);
        await().atMost(Stage.PATIENCE).until(() -> stage.view(run).getLong("progress.done") == 24);
        execute("update training_run set state = '%s', lease_expires_at = now() where id = '%s' and lease_id = 'dead'"
                .formatted(phase, run));

        JsonPath ended = stage.ended(run);

        assertThat(ended.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(ended.getInt("version")).isEqualTo(1);
        given().get("/v1/models/" + dataset + "/versions").then().body("size()", equalTo(1));
    }

    @Test
    void followsARunFromItsStateNowToItsEnd() throws IOException, InterruptedException {
        String dataset = stage.dataset("followed", 2, 12, _ -> null);
        String run = stage.begin(BY_DEFAULT.formatted(dataset));

        List<String> states = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:%d/v1/training-runs/%s/events".formatted(port, run)))
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body()
                .lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> JsonPath.from(line.substring("data:".length())).getString("state"))
                .toList();

        assertThat(states).isNotEmpty().last().isEqualTo("SUCCEEDED");
        assertThat(states.subList(0, states.size() - 1)).doesNotContain("SUCCEEDED");
    }

    @Test
    void cancelsARunThatWaits() {
        String dataset = stage.dataset("held", 2, 12, _ -> null);
        String run = stage.begin(BY_DEFAULT.formatted(dataset));
        await().atMost(Stage.PATIENCE).until(() -> stage.features.holds(run));

        given().delete("/v1/training-runs/" + run).then().statusCode(200).body("state", equalTo("CANCELLED"));
        given().delete("/v1/training-runs/" + run).then().statusCode(200).body("state", equalTo("CANCELLED"));
        stage.features.letGo(run);

        String next = stage.begin(BY_DEFAULT.formatted(stage.dataset("next", 2, 12, _ -> null)));
        assertThat(stage.ended(next).getString("state")).isEqualTo("SUCCEEDED");
        assertThat(stage.view(run).getString("state")).isEqualTo("CANCELLED");
        given().get("/v1/models/" + dataset).then().statusCode(404);
        given().delete("/v1/training-runs/" + next)
                .then()
                .statusCode(409)
                .body("type", equalTo("https://graft.dev/problems/training-run-finished"));
    }

    @Test
    void cancelsARunAtWork() {
        String dataset = stage.dataset("long", 2, 12, _ -> null);
        String run = stage.begin(
                "{\"dataset\": \"%s\", \"head\": \"mlp:2048,2048\", \"epochs\": 10000, \"learningRate\": 0.0000002}"
                        .formatted(dataset));
        await().atMost(Stage.PATIENCE)
                .until(() -> stage.view(run).getString("state").equals("TRAINING"));

        given().delete("/v1/training-runs/" + run).then().body("state", equalTo("CANCELLED"));

        String next = stage.begin(BY_DEFAULT.formatted(stage.dataset("next", 2, 12, _ -> null)));
        assertThat(stage.ended(next).getString("state")).isEqualTo("SUCCEEDED");
        assertThat(stage.view(run).getString("state")).isEqualTo("CANCELLED");
    }

    @Test
    void failsWithTheReasonWhenThereAreNoEmbeddings() {
        String dataset = stage.dataset("refused", 2, 12, _ -> null);

        JsonPath run = stage.ended(stage.begin(BY_DEFAULT.formatted(dataset)));

        assertThat(run.getString("state")).isEqualTo("FAILED");
        assertThat(run.getString("problem.detail")).contains("on strike");
        given().get("/v1/training-runs/" + run.getString("id") + "/report")
                .then()
                .statusCode(404)
                .body("type", equalTo("https://graft.dev/problems/report-not-found"));
    }

    @Test
    void refusesOneClassAndUnknownDatasetsAtOnce() {
        String single = stage.dataset("single", 1, 12, _ -> null);
        given().contentType(ContentType.JSON)
                .body(BY_DEFAULT.formatted(single))
                .post("/v1/training-runs")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("type", equalTo("https://graft.dev/problems/dataset-not-trainable"))
                .body("detail", containsString("boxes"));
        given().contentType(ContentType.JSON)
                .body(BY_DEFAULT.formatted("nowhere"))
                .post("/v1/training-runs")
                .then()
                .statusCode(404)
                .body("type", equalTo("https://graft.dev/problems/dataset-not-found"));
        given().get("/v1/training-runs/" + UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("type", equalTo("https://graft.dev/problems/training-run-not-found"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"fineTune\": [\"blocks.6\"]         | 422 | /fineTune",
                "\"augment\": \"flip\"                | 422 | /augment",
                "\"precision\": \"int8\"              | 422 | /precision",
                "\"precision\": \"f16\"               | 422 | /precision",
                "\"head\": \"mlp:0\"                  | 422 | /head",
                "\"head\": \"sigmoid\"                | 422 | /head",
                "\"head\": \"mlp:8\", \"optimizer\": \"lbfgs\" | 422 | /optimizer",
                "\"optimizer\": \"newton\"            | 422 | /optimizer",
                "\"learningRate\": 0.1                | 422 | /learningRate",
                "\"batchSize\": 8                     | 422 | /batchSize",
                "\"dropout\": 0.5                     | 422 | /dropout",
                "\"epochs\": 0                        | 422 | /epochs",
                "\"testFraction\": 1.5                | 422 | /testFraction",
                "\"classWeights\": \"some\"           | 422 | /classWeights",
                "\"inputSize\": 8                     | 422 | /inputSize",
                "\"backbone\": \"nonsense\"           | 404 | /backbone",
                "\"layer\": \"nonsense\"              | 404 | /layer",
                "\"model\": \"No Name\"               | 400 | /model",
                "\"learnRate\": 0.1                   | 400 | /learnRate"
            })
    void refusesWhatItCannotDoAndPointsToIt(String setting, int status, String pointer) {
        String dataset = stage.dataset("plain", 3, 6, _ -> null);
        given().contentType(ContentType.JSON)
                .body("{\"dataset\": \"%s\", %s}".formatted(dataset, setting))
                .post("/v1/training-runs")
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("pointer", equalTo(pointer));
    }

    @Test
    void sameRequestUnderOneKeyIsOneRun() {
        String dataset = stage.dataset("once", 2, 12, _ -> null);
        String key = UUID.randomUUID().toString();
        String first = post(key, BY_DEFAULT.formatted(dataset), 202).getString("id");

        assertThat(post(key, BY_DEFAULT.formatted(dataset), 202).getString("id"))
                .isEqualTo(first);
        assertThat(post(key, "{\"dataset\": \"%s\", \"seed\": 1}".formatted(dataset), 422)
                        .getString("type"))
                .endsWith("idempotency-key-reused");
        assertThat(stage.ended(first).getString("state")).isEqualTo("SUCCEEDED");
    }

    private static JsonPath post(String key, String body, int status) {
        return given().header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/training-runs")
                .then()
                .statusCode(status)
                .extract()
                .jsonPath();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"head\": \"sigmoid\"",
                "\"head\": \"mlp:32\", \"dropout\": 0.2, \"epochs\": 20",
                "\"optimizer\": \"sgd\", \"classWeights\": \"balanced\""
            })
    void otherHeadsAreServedAsTheyWereMeasured(String settings) throws IOException {
        String dataset = stage.dataset("other", 2, 14, i -> i < 10 ? Split.TRAIN : Split.VALIDATION);

        JsonPath run = stage.ended(stage.begin("{\"dataset\": \"%s\", %s}".formatted(dataset, settings)));

        assertThat(run.getString("state")).as(run.prettify()).isEqualTo("SUCCEEDED");
        assertThat(run.getString("result.evaluatedOn")).isEqualTo("VALIDATION_PART");
        assertThat(run.getDouble("result.testAccuracy")).isGreaterThan(0.7);
        ModelCard card = assertBundle(dataset, 1);
        assertThat(card.labels()).containsExactly("boxes", "discs");
    }

    @Test
    void healthMetricsAndDescriptionAreThere() {
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/metrics").then().statusCode(200);
        given().get("/q/openapi").then().statusCode(200).body(containsString("/v1/training-runs"));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path to trainer");
            statement.execute(sql);
        }
    }
}
