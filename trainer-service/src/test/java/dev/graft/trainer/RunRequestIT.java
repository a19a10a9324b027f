package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.Split;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused when a run is asked for, and what is accepted once.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(IngestStub.class)
class RunRequestIT {
    @Inject
    Stage stage;

    @Test
    void refusesOneClassAndUnknownDatasetsAtOnce() {
        String single = stage.dataset("single", 1, 12, _ -> null);
        given().contentType(ContentType.JSON)
                .body(Stage.byDefault(single))
                .post("/v1/training-runs")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("type", equalTo("https://graft.dev/problems/dataset-not-trainable"))
                .body("detail", containsString("boxes"));
        given().contentType(ContentType.JSON)
                .body(Stage.byDefault("nowhere"))
                .post("/v1/training-runs")
                .then()
                .statusCode(404)
                .body("type", equalTo("https://graft.dev/problems/dataset-not-found"));
        given().get("/v1/training-runs/" + UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("type", equalTo("https://graft.dev/problems/training-run-not-found"));
    }

    @Test
    void refusesADatasetWithoutATrainSplitAndNamesIt() {
        String dataset = stage.dataset("untrained", 2, 12, i -> i < 6 ? Split.VALIDATION : Split.TEST);
        given().contentType(ContentType.JSON)
                .body("{\"dataset\": \"%s\", \"head\": \"mlp:32\"}".formatted(dataset))
                .post("/v1/training-runs")
                .then()
                .statusCode(422)
                .body("type", equalTo("https://graft.dev/problems/dataset-not-trainable"))
                .body(
                        "detail",
                        containsString("a val split (12 pictures) and a test split (12 pictures), but no train"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"fineTune\": [\"block5\"]           | 422 | /fineTune",
                "\"fineTune\": [\"classifier\"]       | 422 | /fineTune",
                "\"fineTune\": [null]               | 400 | /fineTune/0",
                "\"fineTuning\": {\"epochs\": 3}      | 422 | /fineTuning",
                "\"fineTune\": [\"all\"], \"precision\": \"int8\" | 422 | /precision",
                "\"fineTune\": [\"all\"], \"fineTuning\": {\"epochs\": 0} | 422 | /fineTuning/epochs",
                "\"fineTune\": [\"all\"], \"fineTuning\": {\"optimizer\": \"lbfgs\"} | 422 | /fineTuning/optimizer",
                "\"fineTune\": [\"all\"], \"fineTuning\": {\"schedule\": \"steps\"} | 422 | /fineTuning/schedule",
                "\"fineTune\": [\"all\"], \"fineTuning\": {\"momentum\": 0.9} | 422 | /fineTuning/momentum",
                "\"fineTune\": [\"all\"], \"fineTuning\": {\"layerDecay\": 2} | 422 | /fineTuning/layerDecay",
                "\"augment\": \"flip\"                | 422 | /augment",
                "\"augment\": \"light\", \"precision\": \"int8\" | 422 | /precision",
                "\"augment\": \"none\", \"fineTuning\": {} | 422 | /fineTuning",
                "\"augmentVariants\": 2              | 422 | /augmentVariants",
                "\"fineTune\": [\"all\"], \"augment\": \"rotation=400\" | 422 | /augment",
                "\"fineTune\": [\"all\"], \"augment\": \"none\", \"augmentVariants\": 2 | 422 | /augmentVariants",
                "\"fineTune\": [\"all\"], \"augment\": \"light\", \"augmentVariants\": 0 | 422 | /augmentVariants",
                "\"fineTune\": [\"all\"], \"augment\": \"mixup=0.2\", \"augmentVariants\": 2 | 422 | /augmentVariants",
                "\"precision\": \"f16\"               | 422 | /precision",
                "\"head\": \"mlp:0\"                  | 422 | /head",
                "\"head\": \"sigmoid\"                | 422 | /head",
                "\"head\": \"mlp:8\", \"optimizer\": \"lbfgs\" | 422 | /optimizer",
                "\"optimizer\": \"newton\"            | 422 | /optimizer",
                "\"learningRate\": 0.1                | 422 | /learningRate",
                "\"batchSize\": 8                     | 422 | /batchSize",
                "\"dropout\": 0.5                     | 422 | /dropout",
                "\"head\": \"mlp:8192,8192,8192,8192\" | 422 | /head",
                "\"epochs\": 0                        | 422 | /epochs",
                "\"testFraction\": 1.5                | 422 | /testFraction",
                "\"classWeights\": \"some\"           | 422 | /classWeights",
                "\"classWeights\": \"nobody=2\"       | 422 | /classWeights",
                "\"inputSize\": 8                     | 422 | /inputSize",
                "\"backbone\": \"nonsense\"           | 404 | /backbone",
                "\"backbone\": \"resnet18\"           | 409 | /backbone",
                "\"layer\": \"nonsense\"              | 404 | /layer",
                "\"model\": \"No Name\"               | 400 | /model",
                "\"model\": \"imagenet\"              | 400 | /model",
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
        String first = post(key, Stage.byDefault(dataset), 202).getString("id");

        assertThat(post(key, Stage.byDefault(dataset), 202).getString("id")).isEqualTo(first);
        assertThat(post(key, "{\"dataset\": \"%s\", \"seed\": 1}".formatted(dataset), 422)
                        .getString("type"))
                .endsWith("idempotency-key-reused");
        assertThat(stage.ended(first).getString("state")).isEqualTo("SUCCEEDED");
    }

    @Test
    void anotherAugmentationIsAnotherRequest() {
        String dataset = stage.dataset("varied-once", 2, 12, _ -> null);
        String key = UUID.randomUUID().toString();
        String body = "{\"dataset\": \"%s\", \"fineTune\": [\"conv_head\"], \"fineTuning\": {\"epochs\": 1}%s}";
        String first = post(key, body.formatted(dataset, ", \"augment\": \"horizontal-flip\""), 202)
                .getString("id");

        for (String other : List.of(
                "", ", \"augment\": \"vertical-flip\"", ", \"augment\": \"horizontal-flip\", \"augmentVariants\": 1")) {
            assertThat(post(key, body.formatted(dataset, other), 422).getString("type"))
                    .as(other)
                    .endsWith("idempotency-key-reused");
        }
        assertThat(stage.ended(first).getString("state")).isEqualTo("SUCCEEDED");
    }

    @Test
    void saysWhatIsWrongWithAnAugmentation() {
        String dataset = stage.dataset("plain", 3, 6, _ -> null);
        refused(dataset, "\"augment\": \"rotation=400\", \"fineTune\": [\"all\"]")
                .body("detail", containsString("rotation=A takes degrees to either side, 0 to 180."));
        refused(dataset, "\"augment\": \"blur=3\", \"fineTune\": [\"all\"]")
                .body("detail", containsString("An augmentation knows no \"blur\"."));
        refused(dataset, "\"augment\": \"%s\", \"fineTune\": [\"all\"]".formatted("x".repeat(501)))
                .body("detail", containsString("at most 500 characters"));
    }

    private static ValidatableResponse refused(String dataset, String settings) {
        return given().contentType(ContentType.JSON)
                .body("{\"dataset\": \"%s\", %s}".formatted(dataset, settings))
                .post("/v1/training-runs")
                .then()
                .statusCode(422)
                .body("pointer", equalTo("/augment"));
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

    @Test
    void healthMetricsAndDescriptionAreThere() {
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/metrics").then().statusCode(200);
        given().get("/q/openapi").then().statusCode(200).body(containsString("/v1/training-runs"));
    }
}
