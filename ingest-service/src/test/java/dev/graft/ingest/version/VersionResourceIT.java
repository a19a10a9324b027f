package dev.graft.ingest.version;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.DatasetFrozen;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Topics;
import dev.graft.ingest.GeneratedRows;
import dev.graft.ingest.Images;
import dev.graft.ingest.PublishedEvents;
import dev.graft.ingest.Service;
import dev.graft.ingest.TemporaryFiles;
import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class VersionResourceIT {
    @Inject
    ObjectStore objects;

    @Inject
    Transactions transactions;

    @Inject
    Versions versions;

    @Inject
    Datasets datasets;

    @Inject
    TemporaryFiles files;

    @Inject
    Outbox outbox;

    @Inject
    IdempotencyKeys idempotency;

    @Test
    void freezesADatasetAndPublishesIt() {
        String dataset = Service.dataset();
        byte[] ant = Images.png();
        byte[] bee = Images.png();
        Service.upload(dataset, "ants", ant).statusCode(201);
        Service.upload(dataset, "bees", bee).statusCode(201);

        JsonPath version = when().post("/v1/datasets/{name}/versions", dataset)
                .then()
                .statusCode(201)
                .body("version", equalTo(1))
                .body("images", equalTo(2))
                .extract()
                .jsonPath();

        String manifest = when().get("/v1/datasets/{name}/versions/1/manifest", dataset)
                .then()
                .statusCode(200)
                .contentType("application/jsonl")
                .extract()
                .asString();
        String[] lines =
                Stream.of(line(ant, "ants"), line(bee, "bees")).sorted().toArray(String[]::new);
        assertThat(manifest).isEqualTo(lines[0] + "\n" + lines[1] + "\n");
        String digest = version.getString("manifestDigest");
        assertThat(digest).isEqualTo(Images.id(manifest.getBytes(UTF_8)));
        assertThat(version.getString("manifestKey")).isEqualTo(ObjectKeys.manifest(digest));
        assertThat(PublishedEvents.events(
                        Topics.DATASETS_FROZEN,
                        DatasetFrozen.class,
                        1,
                        event -> event.datasetName().equals(dataset)))
                .containsExactly(new DatasetFrozen(
                        dataset, 1, ObjectKeys.manifest(digest), digest, 2, Map.of("ants", 1L, "bees", 1L)));
    }

    @Test
    void givesTheNewestVersionWhileNothingChanged() {
        String dataset = Service.dataset();
        byte[] image = Images.png();
        Service.upload(dataset, "ants", image).statusCode(201);

        when().post("/v1/datasets/{name}/versions", dataset)
                .then()
                .statusCode(201)
                .body("version", equalTo(1));
        when().post("/v1/datasets/{name}/versions", dataset)
                .then()
                .statusCode(200)
                .body("version", equalTo(1));
        given().contentType("application/json")
                .body("{\"label\":\"bees\"}")
                .put("/v1/datasets/{name}/images/{id}/label", dataset, Images.id(image))
                .then()
                .statusCode(200);
        when().post("/v1/datasets/{name}/versions", dataset)
                .then()
                .statusCode(201)
                .body("version", equalTo(2));

        JsonPath page = when().get("/v1/datasets/{name}/versions?limit=1", dataset)
                .then()
                .extract()
                .jsonPath();
        assertThat(page.getList("items.version")).containsExactly(1);
        assertThat(when().get("/v1/datasets/{name}/versions?after={v}", dataset, page.getString("next"))
                        .then()
                        .extract()
                        .jsonPath()
                        .getList("items.version"))
                .containsExactly(2);
    }

    @Test
    void makesOneVersionWhenManyFreezeAtOnce() throws Exception {
        String dataset = Service.dataset();
        Service.upload(dataset, "ants", Images.png()).statusCode(201);

        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            Callable<Integer> freeze = () -> when().post("/v1/datasets/{name}/versions", dataset)
                    .then()
                    .body("version", equalTo(1))
                    .extract()
                    .statusCode();
            List<Integer> statuses = clients.invokeAll(Collections.nCopies(8, freeze)).stream()
                    .map(Future::resultNow)
                    .toList();
            assertThat(statuses).containsOnly(200, 201).containsOnlyOnce(201);
        }
    }

    /// To write the manifest of a large dataset takes up to a minute, in which the dataset may be deleted and
    /// made again.
    @Test
    void givesADatasetThatWasMadeMeanwhileNoVersionOfTheOneBefore() {
        String dataset = Service.dataset();
        Service.upload(dataset, "ants", Images.png()).statusCode(201);
        ObjectStore interrupted = before("exists", () -> {
            when().delete("/v1/datasets/{name}", dataset).then().statusCode(204);
            given().contentType("application/json")
                    .body(Map.of("name", dataset))
                    .post("/v1/datasets")
                    .then()
                    .statusCode(201);
        });
        Freezer freezer = new Freezer(versions, datasets, interrupted, files, outbox, idempotency, transactions);

        assertThatThrownBy(() -> freezer.freeze(dataset, null))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().is(ProblemType.DATASET_NOT_FOUND))
                                .isTrue());
        when().get("/v1/datasets/{name}/versions", dataset).then().body("items.size()", equalTo(0));
    }

    /// Gives the object store as it is seen by who does something else before calls of a method.
    private ObjectStore before(String method, Runnable action) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (_, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        action.run();
                    }
                    return called.invoke(objects, arguments);
                });
    }

    @Test
    void goesOnWithAManifestThatACutOffAttemptLeft() {
        String dataset = Service.dataset();
        byte[] image = Images.png();
        Service.upload(dataset, "ants", image).statusCode(201);
        byte[] manifest = (line(image, "ants") + "\n").getBytes(UTF_8);
        String key = ObjectKeys.manifest(Images.id(manifest));
        objects.put(key, ObjectContent.of(manifest, "application/jsonl"));

        when().post("/v1/datasets/{name}/versions", dataset)
                .then()
                .statusCode(201)
                .body("version", equalTo(1))
                .body("manifestKey", equalTo(key));
    }

    @Test
    void freezesADatasetWhoseManifestGoesUpInParts() {
        String dataset = Service.dataset();
        GeneratedRows.fill(transactions, dataset, 150_000, "repeat('\u00fc', 200)", "null");

        String key = when().post("/v1/datasets/{name}/versions", dataset)
                .then()
                .statusCode(201)
                .body("images", equalTo(150_000))
                .extract()
                .path("manifestKey");

        assertThat(objects.head(key).orElseThrow().sizeBytes()).isEqualTo(150_000L * (64 + 400 + 26));
    }

    @Test
    void refusesSoManyClassesThatNobodyCanBeTold() {
        String dataset = Service.dataset();
        GeneratedRows.fill(transactions, dataset, 6_000, "n || repeat('x', 190)", "null");

        Service.isProblem(when().post("/v1/datasets/{name}/versions", dataset).then(), ProblemType.CONTENT_TOO_LARGE)
                .body("detail", containsString("6,000 classes"));
        when().get("/v1/datasets/{name}/versions", dataset).then().body("items.size()", equalTo(0));
    }

    @Test
    void givesTheSameAnswerUnderTheSameKeyEvenWhenTheDatasetChanged() {
        String dataset = Service.dataset();
        String key = UUID.randomUUID().toString();
        Service.upload(dataset, "ants", Images.png()).statusCode(201);

        freeze(dataset, key).statusCode(201).body("version", equalTo(1));
        Service.upload(dataset, "ants", Images.png()).statusCode(201);
        freeze(dataset, key).statusCode(201).body("version", equalTo(1));
        freeze(dataset, UUID.randomUUID().toString()).statusCode(201).body("version", equalTo(2));
    }

    @Test
    void refusesToFreezeNothing() {
        Service.isProblem(
                when().post("/v1/datasets/{name}/versions", Service.dataset()).then(), ProblemType.DATASET_EMPTY);
        Service.isProblem(when().post("/v1/datasets/none/versions").then(), ProblemType.DATASET_NOT_FOUND);
    }

    @Test
    void saysThatAVersionDoesNotExist() {
        String dataset = Service.dataset();

        Service.isProblem(
                when().get("/v1/datasets/{n}/versions/7", dataset).then(), ProblemType.DATASET_VERSION_NOT_FOUND);
        Service.isProblem(
                when().get("/v1/datasets/{n}/versions/7/manifest", dataset).then(),
                ProblemType.DATASET_VERSION_NOT_FOUND);
        Service.isProblem(when().get("/v1/datasets/{n}/versions/seven", dataset).then(), ProblemType.INVALID_REQUEST);
    }

    private static ValidatableResponse freeze(String dataset, String key) {
        return given().header("Idempotency-Key", key)
                .post("/v1/datasets/{name}/versions", dataset)
                .then();
    }

    private static String line(byte[] image, String label) {
        return "{\"imageId\":\"%s\",\"label\":\"%s\"}".formatted(Images.id(image), label);
    }
}
