package dev.graft.ingest.dataset;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.notNullValue;

import dev.graft.ingest.Images;
import dev.graft.ingest.Service;
import dev.graft.messaging.Transactions;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class DatasetResourceIT {
    @Inject
    Datasets datasets;

    @Inject
    Transactions transactions;

    @Test
    void makesADatasetOnce() {
        String name = "once-" + UUID.randomUUID();

        create(name)
                .statusCode(201)
                .body("name", equalTo(name))
                .body("images", equalTo(0))
                .body("createdAt", notNullValue());
        create(name).statusCode(200).body("name", equalTo(name));
    }

    @Test
    void countsImagesByLabelAndSplit() {
        String name = Service.dataset();
        Service.upload(name, "ants", Images.png()).statusCode(201);
        Service.upload(name, "ants", Images.png()).statusCode(201);
        given().contentType("image/png")
                .body(Images.png())
                .post("/v1/datasets/{name}/images?label=bees&split=val", name)
                .then()
                .statusCode(201);

        JsonPath view = when().get("/v1/datasets/{name}", name)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(view.getInt("images")).isEqualTo(3);
        assertThat(view.getMap("classes")).isEqualTo(Map.of("ants", 2, "bees", 1));
        assertThat(view.getMap("splits")).isEqualTo(Map.of("val", 1));
    }

    @Test
    void listsDatasetsInPages() {
        List<String> made = List.of(Service.dataset(), Service.dataset(), Service.dataset());

        List<String> found = new ArrayList<>();
        String after = "";
        while (after != null) {
            JsonPath page = given().queryParam("limit", 2)
                    .queryParam("after", after)
                    .get("/v1/datasets")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            List<String> names = page.getList("items.name");
            assertThat(names).hasSizeLessThanOrEqualTo(2);
            found.addAll(names);
            after = page.getString("next");
        }

        assertThat(found).isSorted().doesNotHaveDuplicates().containsAll(made);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    /v1/datasets,               after,  Upper
                    /v1/datasets,               limit,  0
                    /v1/datasets,               limit,  1001
                    /v1/datasets/{name}/images, after,  0123
                    /v1/datasets/{name}/images, limit,  x
                    /v1/datasets/{name}/versions, after, x
                    /v1/datasets/{name}/versions, after, -1
                    /v1/rejects,                after,  x
                    /v1/rejects,                import, 7
                    /v1/rejects,                dataset, Upper
                    """)
    void refusesAPageThatIsNone(String path, String parameter, String value) {
        ValidatableResponse answer = given().queryParam(parameter, value)
                .get(path.replace("{name}", Service.dataset()))
                .then();

        Service.isProblem(answer, ProblemType.INVALID_REQUEST).body("pointer", equalTo(parameter));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Upper",
                "-dash",
                "a b",
                "a/b",
                "\u00fc",
                "x123456789012345678901234567890123456789012345678901234567890123"
            })
    void refusesANameThatIsNotAllowed(String name) {
        Service.isProblem(create(name), ProblemType.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "[]", "{\"name\":"})
    void refusesABodyThatIsNoRequest(String body) {
        Service.isProblem(
                given().contentType("application/json")
                        .body(body)
                        .post("/v1/datasets")
                        .then(),
                ProblemType.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001"})
    void refusesAPageThatIsTooLarge(String limit) {
        Service.isProblem(given().get("/v1/datasets?limit={n}", limit).then(), ProblemType.INVALID_REQUEST)
                .body("pointer", equalTo("limit"));
    }

    @Test
    void saysThatADatasetDoesNotExist() {
        Service.isProblem(when().get("/v1/datasets/none").then(), ProblemType.DATASET_NOT_FOUND);
        Service.isProblem(when().delete("/v1/datasets/none").then(), ProblemType.DATASET_NOT_FOUND);
    }

    @Test
    void deletesADatasetButNotItsVersions() {
        String name = Service.dataset();
        byte[] image = Images.png();
        Service.upload(name, "ants", image).statusCode(201);
        when().post("/v1/datasets/{name}/versions", name).then().statusCode(201);

        when().delete("/v1/datasets/{name}", name).then().statusCode(204);

        Service.isProblem(when().get("/v1/datasets/{name}", name).then(), ProblemType.DATASET_NOT_FOUND);
        Service.isProblem(Service.upload(name, "ants", image), ProblemType.DATASET_NOT_FOUND);
        create(name).statusCode(201).body("images", equalTo(0));
        when().get("/v1/datasets/{name}/versions/1", name)
                .then()
                .statusCode(200)
                .body("images", equalTo(1));
        Service.upload(name, "bees", image).statusCode(201);
        when().post("/v1/datasets/{name}/versions", name).then().statusCode(201).body("version", equalTo(2));
    }

    /// Work that began with a dataset, such as an import, must not go on with another that has taken its name.
    @Test
    void takesNoDatasetForOneThatHadItsName() {
        String name = Service.dataset();
        Dataset before = transactions.call(session -> datasets.get(session, name));
        when().delete("/v1/datasets/{name}", name).then().statusCode(204);
        create(name).statusCode(201);
        Dataset after = transactions.call(session -> datasets.get(session, name));

        assertThat(transactions.call(session -> datasets.hold(session, after)).id())
                .isEqualTo(after.id());
        assertThat(transactions.call(session -> datasets.lock(session, after)).id())
                .isEqualTo(after.id());
        assertThatThrownBy(() -> transactions.call(session -> datasets.hold(session, before)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("was deleted");
        assertThatThrownBy(() -> transactions.call(session -> datasets.lock(session, before)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("was deleted");
    }

    @Test
    void givesTheSameAnswerUnderTheSameKey() {
        String name = "key-" + UUID.randomUUID();
        String key = UUID.randomUUID().toString();

        create(name, key).statusCode(201);
        create(name, key).statusCode(201);
        Service.isProblem(create(name + "-other", key), ProblemType.IDEMPOTENCY_KEY_REUSED);
        when().get("/v1/datasets/{name}", name + "-other").then().statusCode(404);
    }

    @Test
    void publishesItsHealthItsMetricsAndItsInterface() {
        when().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.name", hasItems("object-store", "graft-messaging"));
        when().get("/q/health/live").then().statusCode(200);
        when().get("/q/health/started").then().statusCode(200);
        assertThat(when().get("/q/metrics").then().statusCode(200).extract().asString())
                .contains("graft_ingest_files_total");
        assertThat(when().get("/q/openapi").then().statusCode(200).extract().asString())
                .contains("/v1/datasets/{name}/imports", "/v1/imports/{id}/events", "/v1/rejects/{id}/replay");
    }

    private static ValidatableResponse create(String name) {
        return given().contentType("application/json")
                .body(Map.of("name", name))
                .post("/v1/datasets")
                .then();
    }

    private static ValidatableResponse create(String name, String key) {
        return given().contentType("application/json")
                .header("Idempotency-Key", key)
                .body(Map.of("name", name))
                .post("/v1/datasets")
                .then();
    }
}
