package dev.graft.feature;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import dev.graft.contracts.ObjectKeys;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class RestIT {
    private static final String IMAGE_ID = "0123456789abcdef".repeat(4);
    private static final String BACKBONE = "tf_efficientnet_lite0.in1k";

    @Inject
    Stage stage;

    @Test
    void describesBackbonesAndTheirLayers() {
        given().get("/v1/backbones")
                .then()
                .statusCode(200)
                .body("[0].name", equalTo(BACKBONE))
                .body("[0].isDefault", equalTo(true))
                .body("[0].inputSizePixels", equalTo(224));
        given().get("/v1/backbones/tf_efficientnet_lite0")
                .then()
                .statusCode(200)
                .body("name", equalTo(BACKBONE));
        given().get("/v1/backbones/" + BACKBONE + "/layers")
                .then()
                .statusCode(200)
                .body("name", hasItems("conv_head", "global_pool"))
                .body("find { it.name == 'global_pool' }.outputShape", equalTo(List.of(1280)));
    }

    @Test
    void saysWhichBackbonesThereAreWhenOneIsUnknown() {
        problem(given().get("/v1/backbones/nothing").then(), 404, "backbone-not-found")
                .body("detail", containsString(BACKBONE));
        problem(
                given().queryParam("backbone", "nothing")
                        .get("/v1/embeddings/" + IMAGE_ID)
                        .then(),
                404,
                "backbone-not-found");
    }

    @Test
    void saysWhichLayersThereAreWhenOneIsUnknown() {
        problem(
                        given().queryParam("layer", "nothing")
                                .get("/v1/embeddings/" + IMAGE_ID)
                                .then(),
                        404,
                        "layer-not-found")
                .body("detail", containsString("conv_head"))
                .body("pointer", equalTo("layer"));
    }

    @Test
    void refusesSettingsThatItDoesNotHave() {
        problem(
                given().queryParam("precision", "int3")
                        .get("/v1/embeddings/" + IMAGE_ID)
                        .then(),
                400,
                "invalid-request");
        problem(
                given().queryParam("inputSize", "7")
                        .get("/v1/embeddings/" + IMAGE_ID)
                        .then(),
                400,
                "invalid-request");
    }

    @Test
    void saysThatAnEmbeddingIsNotThere() {
        // Jobs of other tests may have failed for the one that they ask for.
        String wantedByNobody = "fedcba9876543210".repeat(4);
        problem(given().get("/v1/embeddings/" + wantedByNobody).then(), 404, "embedding-not-found");
        problem(given().get("/v1/embeddings/cat").then(), 404, "embedding-not-found");
    }

    @Test
    void refusesABodyThatIsNoImage() {
        problem(post("image/jpeg", "no picture".getBytes()), 415, "image-format-unsupported");
        problem(post("text/plain", "no picture".getBytes()), 415, "unsupported-media-type");
    }

    private static ValidatableResponse post(String type, byte[] body) {
        return given().contentType(type).body(body).post("/v1/embeddings").then();
    }

    @Test
    void takesAJobOnceForOneIdempotencyKey() {
        String key = UUID.randomUUID().toString();
        Map<String, Object> body = Map.of("imageIds", List.of(IMAGE_ID));
        String id = job(body)
                .header("Idempotency-Key", key)
                .post("/v1/embedding-jobs")
                .then()
                .statusCode(202)
                .header("Location", containsString("/v1/embedding-jobs/"))
                .extract()
                .path("id");

        String again = job(body)
                .header("Idempotency-Key", key)
                .post("/v1/embedding-jobs")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        assertThat(again).isEqualTo(id);
        problem(
                job(Map.of("imageIds", List.of("f".repeat(64))))
                        .header("Idempotency-Key", key)
                        .post("/v1/embedding-jobs")
                        .then(),
                422,
                "idempotency-key-reused");
        given().get("/v1/embedding-jobs/" + id).then().statusCode(200).body("id", equalTo(id));
    }

    @Test
    void refusesJobsThatCannotBeMet() {
        problem(post(Map.of()), 400, "invalid-request").body("pointer", equalTo("/manifestKey"));
        problem(post(Map.of("imageIds", List.of(IMAGE_ID, "cat"))), 400, "invalid-request")
                .body("pointer", equalTo("/imageIds/1"));
        problem(post(Map.of("manifestKey", "no/such/manifest")), 404, "manifest-not-found");
        problem(post(Map.of("manifestKey", "../etc/passwd")), 404, "manifest-not-found");
        problem(post(Map.of("manifestKey", ObjectKeys.manifest(IMAGE_ID))), 404, "manifest-not-found");
        String archive = stage.object(ObjectKeys.importArchive("posted"), new byte[1 << 20]);
        problem(post(Map.of("manifestKey", archive)), 404, "manifest-not-found");
        problem(
                post(Map.of("imageIds", List.of(IMAGE_ID), "extractor", Map.of("backbone", "nothing"))),
                404,
                "backbone-not-found");
        problem(given().get("/v1/embedding-jobs/nothing").then(), 404, "embedding-job-not-found");
        problem(given().delete("/v1/embedding-jobs/nothing").then(), 404, "embedding-job-not-found");
    }

    @Test
    void showsWhyAnImageOfAJobHasNoEmbeddingAndRefusesToCancelAJobThatHasEnded() {
        String id = post(Map.of("imageIds", List.of(IMAGE_ID)))
                .statusCode(202)
                .extract()
                .path("id");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/v1/embedding-jobs/" + id)
                        .then()
                        .statusCode(200)
                        .body("state", equalTo("COMPLETED"))
                        .body("failures[0].imageId", equalTo(IMAGE_ID))
                        .body("failures[0].reason", equalTo("NOT_STORED")));
        problem(given().delete("/v1/embedding-jobs/" + id).then(), 409, "conflict");
    }

    @Test
    void isReadyAliveMeasuredAndDescribed() {
        // The network may still be loading.
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/q/health/ready")
                        .then()
                        .statusCode(200)
                        .body("checks.name", hasItems("graft-default-network", "object-store", "graft-messaging")));
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/started").then().statusCode(200);
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("graft_embedding_queue_free"))
                .body(containsString("graft_embedding_batch_seconds"));
        given().accept("application/json")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .body("paths.keySet()", hasItem("/v1/embedding-jobs"));
    }

    private ValidatableResponse post(Map<String, Object> body) {
        return job(body).post("/v1/embedding-jobs").then();
    }

    private static RequestSpecification job(Map<String, Object> body) {
        return given().contentType("application/json").body(body);
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String kind) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("https://graft.dev/problems/" + kind));
    }
}
