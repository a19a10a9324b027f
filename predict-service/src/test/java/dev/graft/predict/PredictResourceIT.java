package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class PredictResourceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAME = "rest-" + UUID.randomUUID();
    private static TestModel model;

    @Inject
    ObjectStore store;

    @BeforeEach
    void publish() throws Exception {
        if (model == null) {
            model = new TestModel(NAME, 3, "rose", "tulip", "lily");
            Events.publish(model.store(store));
        }
        await().atMost(PATIENCE).untilAsserted(() -> get("/v1/models").then().body("model", hasItem(NAME)));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void listsWhatIsServed() {
        get("/v1/models")
                .then()
                .statusCode(200)
                .body("find { it.model == '%s' }.version".formatted(NAME), equalTo(3))
                .body("find { it.model == '%s' }.labels".formatted(NAME), equalTo(model.labels()))
                .body("find { it.model == '%s' }.inputSizePixels".formatted(NAME), equalTo(224));
    }

    @Test
    void givesAsManyLabelsAsAreWanted() {
        given().contentType("image/png")
                .body(TestImages.png(2))
                .post("/v1/models/{name}/predict?top=2", NAME)
                .then()
                .statusCode(200)
                .body("predictions", hasSize(2))
                .body("version", equalTo(3));
    }

    @Test
    void refusesATopOutOfRange() {
        for (String top : List.of("0", "-1", "1000001", "many")) {
            given().contentType("image/png")
                    .body(TestImages.png(2))
                    .post("/v1/models/{name}/predict?top=" + top, NAME)
                    .then()
                    .statusCode(400)
                    .contentType(Problem.MEDIA_TYPE)
                    .body("type", equalTo(ProblemType.INVALID_REQUEST.uri().toString()));
        }
    }

    @Test
    void saysThatAModelIsNotInProduction() {
        given().contentType("image/png")
                .body(TestImages.png(2))
                .post("/v1/models/weeds/predict")
                .then()
                .statusCode(404)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo(ProblemType.MODEL_NOT_FOUND.uri().toString()))
                .body("detail", containsString("weeds"));
    }

    @Test
    void tellsWhatIsWrongWithAnImage() {
        byte[] image = TestImages.png(3);
        refuse(Arrays.copyOf(image, image.length / 2), 422, ProblemType.IMAGE_TRUNCATED);
        refuse("hello".getBytes(), 415, ProblemType.IMAGE_FORMAT_UNSUPPORTED);
        refuse(new byte[0], 422, ProblemType.IMAGE_EMPTY);
        refuse(new byte[(20 << 20) + 1], 413, ProblemType.IMAGE_TOO_LARGE);
    }

    private static void refuse(byte[] file, int status, ProblemType type) {
        given().contentType("image/png")
                .body(file)
                .post("/v1/models/{name}/predict", NAME)
                .then()
                .statusCode(status)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo(type.uri().toString()));
    }

    @Test
    void refusesAnotherMediaType() {
        given().contentType("text/plain")
                .body("hello")
                .post("/v1/models/{name}/predict", NAME)
                .then()
                .statusCode(415)
                .contentType(Problem.MEDIA_TYPE);
    }

    @Test
    void answersForEachOfManyImagesAndNamesTheBadOne() {
        given().multiPart("file", "one.png", TestImages.png(4), "image/png")
                .multiPart("file", "bad.png", "not a picture".getBytes(), "image/png")
                .multiPart("other", "three.png", TestImages.png(5), "image/png")
                .post("/v1/models/{name}/predict?top=1", NAME)
                .then()
                .statusCode(200)
                .body("results.file", equalTo(List.of("one.png", "bad.png", "three.png")))
                .body("results.model", everyItem(equalTo(NAME)))
                .body("results.version", everyItem(equalTo(3)))
                .body("results[0].predictions", hasSize(1))
                .body("results[0].problem", nullValue())
                .body("results[1].predictions", nullValue())
                .body(
                        "results[1].problem.type",
                        equalTo(ProblemType.IMAGE_FORMAT_UNSUPPORTED.uri().toString()))
                .body("results[2].predictions[0].label", notNullValue());
    }

    @Test
    void refusesARequestWithoutFiles() {
        given().multiPart("note", "no file here")
                .post("/v1/models/{name}/predict", NAME)
                .then()
                .statusCode(400)
                .contentType(Problem.MEDIA_TYPE);
    }

    @Test
    void speaksTheOpenInferenceProtocol() {
        int size = model.inputSize();
        byte[] pixels = dev.graft.contracts.ModelCard.SelfTest.pixels(11, 2, size);
        int[] numbers = new int[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            numbers[i] = pixels[i] & 0xFF;
        }
        List<Float> data = given().contentType("application/json")
                .body(Map.of(
                        "id",
                        "q-1",
                        "inputs",
                        List.of(Map.of(
                                "name",
                                "pixels",
                                "datatype",
                                "UINT8",
                                "shape",
                                List.of(2, size, size, 3),
                                "data",
                                numbers))))
                .post("/v2/models/{name}/versions/3/infer", NAME)
                .then()
                .statusCode(200)
                .body("model_name", equalTo(NAME))
                .body("model_version", equalTo("3"))
                .body("id", equalTo("q-1"))
                .body("outputs[0].name", equalTo("probabilities"))
                .body("outputs[0].datatype", equalTo("FP32"))
                .body("outputs[0].shape", equalTo(List.of(2, 3)))
                .extract()
                .jsonPath()
                .getList("outputs[0].data", Float.class);

        float[][] expected = model.classify(pixels);
        for (int i = 0; i < 6; i++) {
            assertThat(data.get(i)).isCloseTo(expected[i / 3][i % 3], within(1e-5f));
        }
        get("/v2").then().statusCode(200).body("name", equalTo("graft"));
        get("/v2/health/live").then().statusCode(200).body("live", equalTo(true));
        get("/v2/health/ready").then().statusCode(200).body("ready", equalTo(true));
        get("/v2/models/{name}/ready", NAME).then().statusCode(200);
        get("/v2/models/{name}", NAME)
                .then()
                .statusCode(200)
                .body("versions", equalTo(List.of("3")))
                .body("inputs[0].shape", equalTo(List.of(-1, size, size, 3)))
                .body("parameters.labels", equalTo(model.labels()));
        get("/v2/models/{name}/versions/9/ready", NAME).then().statusCode(404).contentType(Problem.MEDIA_TYPE);
        get("/v2/models/weeds/ready").then().statusCode(404).contentType(Problem.MEDIA_TYPE);
    }

    @Test
    void refusesATensorThatDoesNotFit() {
        infer("UINT8", "[1, 2, 2, 3]", "[1]", "/inputs/0/shape");
        infer("FP32", "[1, 224, 224, 3]", "[1]", "/inputs/0/datatype");
        infer("UINT8", "[1, 224, 224, 3]", "[[1, 2], [3]]", "/inputs/0/data");
        infer("UINT8", "[1, 224, 224, 3]", "[256]", "/inputs/0/data");
        infer("UINT8", "[1, 224, 224, 3]", "[0.5]", "/inputs/0/data");
    }

    private static void infer(String datatype, String shape, String data, String pointer) {
        given().contentType("application/json")
                .body("{\"inputs\": [{\"name\": \"pixels\", \"datatype\": \"%s\", \"shape\": %s, \"data\": %s}]}"
                        .formatted(datatype, shape, data))
                .post("/v2/models/{name}/infer", NAME)
                .then()
                .statusCode(400)
                .contentType(Problem.MEDIA_TYPE)
                .body("pointer", equalTo(pointer))
                .body("detail", not(containsString("dev.graft")));
    }

    @Test
    void publishesItsHealthMetricsAndInterface() {
        get("/q/health/live").then().statusCode(200);
        get("/q/health/started").then().statusCode(200);
        get("/q/health/ready").then().statusCode(200);
        get("/q/metrics").then().statusCode(200).body(containsString("graft_predict_model_version"));
        get("/q/openapi").then().statusCode(200).body(containsString("/v1/models/{name}/predict"));
    }
}
