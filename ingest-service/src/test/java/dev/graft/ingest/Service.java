package dev.graft.ingest;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.UUID;
import org.hamcrest.Matchers;

/// Asks the service under test what most tests ask.
public final class Service {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Service() {}

    /// Makes a dataset that no other test has.
    public static String dataset() {
        String name = "d-" + UUID.randomUUID();
        given().contentType("application/json")
                .body("{\"name\":\"%s\"}".formatted(name))
                .post("/v1/datasets")
                .then()
                .statusCode(201);
        return name;
    }

    /// Sends an image.
    public static ValidatableResponse upload(String dataset, String label, byte[] file) {
        return given().contentType("image/png")
                .queryParam("label", label)
                .queryParam("file", label + "/picture")
                .body(file)
                .post("/v1/datasets/{name}/images", dataset)
                .then();
    }

    /// Sends an archive.
    public static ValidatableResponse send(String dataset, byte[] archive) {
        return given().contentType("application/octet-stream")
                .body(archive)
                .post("/v1/datasets/{name}/imports", dataset)
                .then();
    }

    /// Sends an archive and waits until its import has ended.
    public static JsonPath importAll(String dataset, byte[] archive) {
        return ended(send(dataset, archive).statusCode(202).extract().path("id"));
    }

    /// Waits until an import has ended.
    public static JsonPath ended(String importId) {
        return await().atMost(PATIENCE)
                .until(
                        () -> given().get("/v1/imports/{id}", importId)
                                .then()
                                .statusCode(200)
                                .extract()
                                .jsonPath(),
                        view -> view.getString("state").matches("SUCCEEDED|FAILED"));
    }

    /// Checks that an answer is a problem of a kind.
    public static ValidatableResponse isProblem(ValidatableResponse response, ProblemType type) {
        return response.statusCode(type.status())
                .contentType(Problem.MEDIA_TYPE)
                .body("type", Matchers.equalTo(type.uri().toString()))
                .body("title", Matchers.equalTo(type.title()))
                .body("detail", Matchers.not(Matchers.emptyOrNullString()));
    }
}
