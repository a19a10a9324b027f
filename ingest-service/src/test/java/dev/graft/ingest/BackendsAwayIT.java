package dev.graft.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.Topics;
import dev.graft.testkit.Gate;
import dev.graft.testkit.GatedBackends;
import dev.graft.testkit.Gates;
import dev.graft.testkit.Gates.Backend;
import dev.graft.testkit.Latency;
import dev.graft.testkit.TimedRequests;
import dev.graft.testkit.TimedRequests.Answer;
import dev.graft.testkit.TopicReader;
import dev.graft.testkit.http.AwayRequests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Takes each backend away, stopped and frozen, and brings it back: requests that need it are refused in
/// time, the others are answered, nothing confirmed is lost, and nothing has to be restarted.
@QuarkusTest
@QuarkusTestResource(value = GatedBackends.class, restrictToAnnotatedClass = true)
class BackendsAwayIT {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private Gates gates;
    private TimedRequests requests;
    private String dataset;
    private byte[] kept;

    @BeforeEach
    void keepAnImage() {
        requests = new TimedRequests("http://127.0.0.1:" + RestAssured.port);
        await().atMost(RECOVERY).until(() -> requests.get("/q/health/ready").status() == 200);
        dataset = Service.dataset();
        kept = Images.png();
        Service.upload(dataset, "ants", kept).statusCode(201);
    }

    @AfterEach
    void bringBack() {
        gates.passAll();
    }

    private Map<String, Supplier<Answer>> needDatabase() {
        Map<String, Supplier<Answer>> paths = new LinkedHashMap<>();
        paths.put(
                "create a dataset",
                () -> requests.send("POST", "/v1/datasets", "{\"name\":\"%s-2\"}".formatted(dataset)));
        paths.put("list datasets", () -> requests.get("/v1/datasets"));
        paths.put("get a dataset", () -> requests.get("/v1/datasets/" + dataset));
        paths.put("list images", () -> requests.get("/v1/datasets/" + dataset + "/images"));
        paths.put("describe an image", () -> requests.get("/v1/images/" + Images.id(kept)));
        paths.put("list rejects", () -> requests.get("/v1/rejects"));
        paths.put("freeze", () -> requests.send("POST", "/v1/datasets/" + dataset + "/versions", "{}"));
        paths.put(
                "label",
                () -> requests.send(
                        "PUT",
                        "/v1/datasets/" + dataset + "/images/" + Images.id(kept) + "/label",
                        "{\"label\":\"bees\"}"));
        paths.putAll(needObjects());
        return paths;
    }

    private Map<String, Supplier<Answer>> needObjects() {
        Map<String, Supplier<Answer>> paths = new LinkedHashMap<>();
        paths.put("upload", () -> upload(Images.png()));
        paths.put("get content", () -> requests.get("/v1/images/" + Images.id(kept) + "/content"));
        paths.put("get a thumbnail", () -> requests.get("/v1/images/" + Images.id(kept) + "/thumbnail?size=64"));
        paths.put(
                "import",
                () -> requests.ask(
                        "POST",
                        "/v1/datasets/" + dataset + "/imports",
                        "application/octet-stream",
                        Archives.tar(Map.of("ants/1.png", Images.png()))));
        return paths;
    }

    private Answer upload(byte[] image) {
        return requests.ask("POST", "/v1/datasets/" + dataset + "/images?label=ants", "image/png", image);
    }

    @ParameterizedTest
    @EnumSource(
            value = Gate.State.class,
            names = {"HANG", "REFUSE"})
    void databaseAway(Gate.State away) throws Exception {
        gates.database().set(away);

        needDatabase().forEach((name, path) -> assertAway(name, path.get()));
        assertNotReadyButAlive();
        // Known to be away by now: nobody waits at all.
        assertThat(Latency.median(3, () -> requests.get("/v1/datasets").took())).isLessThan(Duration.ofSeconds(1));

        gates.database().set(Gate.State.PASS);
        assertWorksAgain();
    }

    @ParameterizedTest
    @EnumSource(
            value = Gate.State.class,
            names = {"HANG", "REFUSE"})
    void objectStoreAway(Gate.State away) {
        gates.objects().set(away);

        needObjects().forEach((name, path) -> assertAway(name, path.get()));
        assertThat(requests.get("/v1/datasets/" + dataset).status()).isEqualTo(200);
        assertThat(requests.get("/v1/images/" + Images.id(kept)).status()).isEqualTo(200);
        assertNotReadyButAlive();

        gates.objects().set(Gate.State.PASS);
        assertWorksAgain();
    }

    @ParameterizedTest
    @EnumSource(
            value = Gate.State.class,
            names = {"HANG", "REFUSE"})
    void brokerAway(Gate.State away) {
        gates.broker().set(away);

        List<String> confirmed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            byte[] image = Images.png();
            Answer answer = upload(image);
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.took()).isLessThan(LONGEST);
            confirmed.add(Images.id(image));
        }
        assertNotReadyButAlive();

        gates.broker().set(Gate.State.PASS);
        assertWorksAgain();
        confirmed.forEach(BackendsAwayIT.this::assertPublished);
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationIsAnsweredInTime(Backend backend) throws Exception {
        Service.upload(dataset, "ants", dataset.getBytes(UTF_8)).statusCode(415);
        String reject = RestAssured.get("/v1/rejects?dataset=" + dataset).path("items[0].id");
        String imported = Service.importAll(dataset, Archives.tar(Map.of("ants/1.png", Images.png())))
                .getString("id");
        assertThat(requests.send("POST", "/v1/datasets/" + dataset + "/versions", "{}")
                        .status())
                .isEqualTo(201);
        String deleted = Service.dataset();
        Map<String, String> values = Map.of(
                "name",
                dataset,
                "version",
                "1",
                "/v1/datasets/{name}/images/{id}",
                Images.id(kept),
                "/v1/images/{id}",
                Images.id(kept),
                "/v1/imports/{id}",
                imported,
                "/v1/rejects/{id}",
                reject);
        gates.of(backend).set(Gate.State.HANG);

        AwayRequests asked = AwayRequests.ask(
                URI.create(requests.root()), values, Map.of("/v1/datasets/{name}", deleted), Images.png());

        assertThat(asked.faults()).isEmpty();
        String manifest = "GET /v1/datasets/" + dataset + "/versions/1/manifest";
        String replay = "POST /v1/rejects/" + reject + "/replay";
        switch (backend) {
            case DATABASE ->
                assertThat(asked.away())
                        .contains(
                                "DELETE /v1/datasets/" + deleted,
                                "GET /v1/datasets/" + dataset + "/versions",
                                "GET /v1/datasets/" + dataset + "/versions/1",
                                "GET /v1/imports/" + imported,
                                "GET /v1/imports/" + imported + "/events",
                                manifest,
                                replay);
            case OBJECTS -> assertThat(asked.away()).contains(manifest, replay);
            // What is to be published waits in the outbox, and what is kept is read without the broker.
            case BROKER -> assertThat(asked.away()).allMatch(operation -> operation.contains("/dead-letters"));
        }
    }

    private void assertPublished(String imageId) {
        try (TopicReader reader = new TopicReader("127.0.0.1:" + gates.broker().port(), Topics.IMAGES_INGESTED)) {
            assertThat(reader.readUntil(
                            records -> records.stream().anyMatch(record -> imageId.equals(record.key())), RECOVERY))
                    .as(ImageIngested.class.getSimpleName())
                    .anyMatch(record -> new String(record.value(), UTF_8).contains(imageId));
        }
    }

    private static void assertAway(String name, Answer answer) {
        assertThat(answer.isAway()).as("%s: %s", name, answer).isTrue();
        assertThat(answer.took()).as(name).isLessThan(LONGEST);
        assertThat(answer.body()).as(name).contains("backend-unavailable");
    }

    private void assertNotReadyButAlive() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(requests.get("/q/health/ready").status()).isEqualTo(503));
        assertThat(requests.get("/q/health/ready").took()).isLessThan(LONGEST);
        Answer alive = requests.get("/q/health/live");
        assertThat(alive.status()).as(alive.body()).isEqualTo(200);
        assertThat(alive.took()).isLessThan(LONGEST);
    }

    private void assertWorksAgain() {
        await().atMost(RECOVERY).until(() -> requests.get("/q/health/ready").status() == 200);
        assertThat(requests.get("/q/health/live").status()).isEqualTo(200);
        assertThat(requests.get("/v1/images/" + Images.id(kept) + "/content").status())
                .isEqualTo(200);
        byte[] image = Images.png();
        assertThat(upload(image).status()).isEqualTo(201);
        assertPublished(Images.id(image));
        for (Backend backend : Backend.values()) {
            gates.of(backend).set(Gate.State.PASS);
        }
    }
}
