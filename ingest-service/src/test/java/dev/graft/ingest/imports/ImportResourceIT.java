package dev.graft.ingest.imports;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.ImageLabelled;
import dev.graft.contracts.ImageRejected;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Split;
import dev.graft.contracts.Topics;
import dev.graft.ingest.Archives;
import dev.graft.ingest.Images;
import dev.graft.ingest.PublishedEvents;
import dev.graft.ingest.Service;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class ImportResourceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    ObjectStore objects;

    @Inject
    Housekeeping housekeeping;

    @Inject
    Transactions transactions;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/v1/imports/")
    URI imports;

    enum Kind {
        ZIP(Archives::zip),
        TAR(Archives::tar),
        TAR_GZIP(Archives::tarGzip);

        private final Function<Map<String, byte[]>, byte[]> writer;

        Kind(Function<Map<String, byte[]>, byte[]> writer) {
            this.writer = writer;
        }
    }

    @ParameterizedTest
    @EnumSource
    void addsTheImagesOfAnArchive(Kind kind) {
        String dataset = Service.dataset();
        byte[] ant = Images.png();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("insects/train/ants/1.png", ant);
        files.put("insects/train/bees/2.png", Images.png());
        files.put("insects/val/bees/3.png", Images.png());
        files.put("insects/.DS_Store", new byte[] {1});

        JsonPath view = Service.importAll(dataset, kind.writer.apply(files));

        assertThat(view.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(view.getString("dataset")).isEqualTo(dataset);
        assertThat(view.getInt("images")).isEqualTo(3);
        assertThat(view.getInt("total")).isEqualTo(3);
        assertThat(view.getInt("accepted")).isEqualTo(3);
        assertThat(view.getInt("duplicates")).isZero();
        assertThat(view.getList("rejected")).isEmpty();
        assertThat(view.getMap("classes")).isEqualTo(Map.of("ants", 1, "bees", 2));
        assertThat(view.getDouble("seconds")).isPositive();
        JsonPath shown =
                when().get("/v1/datasets/{name}", dataset).then().extract().jsonPath();
        assertThat(shown.getMap("splits")).isEqualTo(Map.of("train", 2, "val", 1));
        String id = Images.id(ant);
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_INGESTED,
                        ImageIngested.class,
                        1,
                        event -> event.imageId().equals(id)))
                .hasSize(1);
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_LABELLED,
                        ImageLabelled.class,
                        1,
                        event -> event.imageId().equals(id)))
                .containsExactly(new ImageLabelled(dataset, id, "ants", Split.TRAIN));
    }

    @Test
    void namesWhatItRefusesAndGoesOnWithTheRest() {
        String dataset = Service.dataset();
        byte[] twice = Images.png();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("train/ants/1.png", twice);
        files.put("train/ants/again.png", twice);
        files.put("val/ants/elsewhere.png", twice);
        byte[] conflicting = Images.png();
        files.put("train/ants/conflict.png", conflicting);
        files.put("train/bees/conflict.png", conflicting);
        files.put("train/bees/page.jpg", "<html>".getBytes(UTF_8));
        files.put("train/bees/empty.jpg", new byte[0]);
        files.put("train/bees/large.jpg", new byte[(20 << 20) + 1]);
        files.put("stray.png", Images.png());
        files.put("../escape.png", Images.png());
        files.put("train/bees/2.png", Images.png());

        JsonPath view = Service.importAll(dataset, Archives.tarGzip(files));

        assertThat(view.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(view.getInt("images")).isEqualTo(11);
        assertThat(view.getInt("accepted")).isEqualTo(2);
        assertThat(view.getInt("duplicates")).isEqualTo(2);
        assertThat(view.getInt("rejectedTotal")).isEqualTo(7);
        assertThat(view.getList("rejected.file"))
                .containsExactly(
                        "train/ants/conflict.png",
                        "train/bees/conflict.png",
                        "train/bees/page.jpg",
                        "train/bees/empty.jpg",
                        "train/bees/large.jpg",
                        "stray.png",
                        "../escape.png");
        assertThat(view.getList("rejected.type"))
                .containsExactly(
                        ProblemType.LABEL_CONFLICT.uri().toString(),
                        ProblemType.LABEL_CONFLICT.uri().toString(),
                        ProblemType.IMAGE_FORMAT_UNSUPPORTED.uri().toString(),
                        ProblemType.IMAGE_EMPTY.uri().toString(),
                        ProblemType.IMAGE_TOO_LARGE.uri().toString(),
                        ProblemType.LABEL_MISSING.uri().toString(),
                        ProblemType.ARCHIVE_UNSAFE.uri().toString());
        assertThat(view.getMap("classes")).isEqualTo(Map.of("ants", 1, "bees", 1));
        assertThat(view.getList("reasons.files")).containsExactly(2, 1, 1, 1, 1, 1);
        assertThat(view.getString("reasons[0].file")).isEqualTo("train/ants/conflict.png");
        assertThat(view.getString("reasons[0].detail")).contains("bees too, at train/bees/conflict.png");
        assertThat(view.getList("leaks.file")).containsExactly("train/ants/1.png", "train/ants/again.png");
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_REJECTED,
                        ImageRejected.class,
                        7,
                        event -> event.datasetName().equals(dataset)))
                .extracting(ImageRejected::fileName)
                .containsExactlyInAnyOrderElementsOf(view.getList("rejected.file"));
    }

    @Test
    void findsOnlyDuplicatesWhenAnArchiveComesAgain() {
        String dataset = Service.dataset();
        byte[] archive = Archives.zip(Map.of("ants/1.png", Images.png(), "bees/2.png", Images.png()));
        Service.importAll(dataset, archive);

        JsonPath again = Service.importAll(dataset, archive);

        assertThat(again.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(again.getInt("accepted")).isZero();
        assertThat(again.getInt("duplicates")).isEqualTo(2);
    }

    @Test
    void failsAnImportThatGivesNoImage() {
        String dataset = Service.dataset();

        JsonPath empty = Service.importAll(dataset, Archives.tar(Map.of()));
        assertThat(empty.getString("state")).isEqualTo("FAILED");
        assertThat(empty.getString("detail")).isEqualTo("The archive holds no pictures.");
        JsonPath useless = Service.importAll(dataset, Archives.zip(Map.of("ants/1.txt", "text".getBytes(UTF_8))));
        assertThat(useless.getString("state")).isEqualTo("FAILED");
        assertThat(useless.getString("detail")).contains("every file was rejected");
        assertThat(useless.getList("rejected.file")).containsExactly("ants/1.txt");
    }

    @Test
    void failsAnArchiveThatIsDamaged() {
        byte[] zip = Archives.zip(Map.of("ants/1.png", Images.png(), "bees/2.png", Images.png()));

        JsonPath view = Service.importAll(Service.dataset(), Arrays.copyOf(zip, zip.length - 30));

        assertThat(view.getString("state")).isEqualTo("FAILED");
        assertThat(view.getString("detail")).startsWith("The archive cannot be read");
    }

    @Test
    void refusesABodyThatIsNoArchive() {
        String dataset = Service.dataset();

        Service.isProblem(Service.send(dataset, "text".getBytes(UTF_8)), ProblemType.ARCHIVE_UNREADABLE);
        Service.isProblem(Service.send(dataset, new byte[0]), ProblemType.ARCHIVE_UNREADABLE);
        Service.isProblem(Service.send("none", Archives.tar(Map.of())), ProblemType.DATASET_NOT_FOUND);
        Service.isProblem(
                given().contentType("image/png")
                        .body(Images.png())
                        .post("/v1/datasets/{name}/imports", dataset)
                        .then(),
                ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void saysThatAnImportDoesNotExist() {
        Service.isProblem(when().get("/v1/imports/{id}", UUID.randomUUID()).then(), ProblemType.IMPORT_NOT_FOUND);
        Service.isProblem(
                when().get("/v1/imports/{id}/events", UUID.randomUUID()).then(), ProblemType.IMPORT_NOT_FOUND);
        Service.isProblem(when().get("/v1/imports/x").then(), ProblemType.INVALID_REQUEST);
    }

    @Test
    void startsOneImportUnderOneKey() {
        String dataset = Service.dataset();
        byte[] archive = Archives.tar(Map.of("ants/1.png", Images.png()));
        String key = UUID.randomUUID().toString();

        String first = start(dataset, key, archive);
        Service.ended(first);
        String second = start(dataset, key, archive);

        assertThat(second).isEqualTo(first);
        assertThat(Service.ended(second).getInt("accepted")).isEqualTo(1);
        Service.isProblem(
                given().contentType("application/x-tar")
                        .header("Idempotency-Key", key)
                        .body(Archives.tar(Map.of("ants/2.png", Images.png())))
                        .post("/v1/datasets/{name}/imports", dataset)
                        .then(),
                ProblemType.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void removesTheArchiveOfAnImportThatEnded() {
        JsonPath view = Service.importAll(Service.dataset(), Archives.tar(Map.of("ants/1.png", Images.png())));

        await().atMost(PATIENCE).until(() -> !objects.exists(ObjectKeys.importArchive(view.getString("id"))));
    }

    @Test
    void removesAnArchiveThatASecondRequestStoredTooLate() {
        JsonPath view = Service.importAll(Service.dataset(), Archives.tar(Map.of("ants/1.png", Images.png())));
        String key = ObjectKeys.importArchive(view.getString("id"));
        await().atMost(PATIENCE).until(() -> !objects.exists(key));
        objects.put(key, ObjectContent.of(new byte[] {1}, "application/octet-stream"));

        housekeeping.sweep();
        assertThat(objects.exists(key)).isTrue(); // the other request may be storing it just now
        transactions.call(session -> session.createNativeQuery(
                        "update import_job set finished_at = now() - interval '2 hours' where id = :id")
                .setParameter("id", UUID.fromString(view.getString("id")))
                .executeUpdate());
        housekeeping.sweep();

        assertThat(objects.exists(key)).isFalse();
    }

    @Test
    void sendsProgressUntilTheEndAndToLateReadersTheEndAtOnce() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 150; i++) {
            files.put("ants/" + i + ".png", Images.png());
        }
        String id = Service.send(Service.dataset(), Archives.tar(files))
                .statusCode(202)
                .extract()
                .path("id");

        List<JsonNode> sent = follow(id);
        assertThat(sent.getLast().get("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(sent.getLast().get("images").asInt()).isEqualTo(150);
        assertThat(sent.stream().map(view -> view.get("images").asInt()).toList())
                .isSorted();
        assertThat(sent.subList(0, sent.size() - 1))
                .allSatisfy(view -> assertThat(view.get("state").asText()).isIn("QUEUED", "RUNNING"));

        List<JsonNode> late = follow(id);
        assertThat(late).hasSize(1);
        assertThat(late.getFirst().get("state").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void endsAnImportWhoseDatasetIsDeleted() {
        String dataset = Service.dataset();
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 400; i++) {
            files.put("ants/" + i + ".png", Images.png());
        }
        String id = Service.send(dataset, Archives.tar(files))
                .statusCode(202)
                .extract()
                .path("id");

        when().delete("/v1/datasets/{name}", dataset).then().statusCode(204);

        JsonPath view = Service.ended(id);
        assertThat(Set.of("FAILED", "SUCCEEDED")).contains(view.getString("state"));
        given().contentType("application/json")
                .body(Map.of("name", dataset))
                .post("/v1/datasets")
                .then()
                .statusCode(201);
        when().get("/v1/datasets/{name}", dataset).then().body("images", equalTo(0));
    }

    private static String start(String dataset, String key, byte[] archive) {
        return given().contentType("application/x-tar")
                .header("Idempotency-Key", key)
                .body(archive)
                .post("/v1/datasets/{name}/imports", dataset)
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private List<JsonNode> follow(String importId) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(imports.resolve(importId + "/events"))
                    .timeout(Duration.ofSeconds(60))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            List<JsonNode> views = new ArrayList<>();
            for (String line : response.body().split("\n")) {
                if (line.startsWith("data:")) {
                    views.add(JSON.readTree(line.substring("data:".length())));
                }
            }
            return views;
        }
    }
}
