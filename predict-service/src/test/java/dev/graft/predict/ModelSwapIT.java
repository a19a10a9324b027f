package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelPublished;
import dev.graft.contracts.Topics;
import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.Backends;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class ModelSwapIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] IMAGE = TestImages.png(1);
    private static final int CLIENTS = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/v1/models/")
    URI models;

    @Inject
    ObjectStore store;

    private final String name = "swap-" + UUID.randomUUID();

    @Test
    void answersWhatTheTrainerMeasured() throws Exception {
        try (TestModel model = new TestModel(name, 1, "rose", "tulip", "lily")) {
            Events.publish(model.store(store));
            awaitVersion(1);

            float[] expected = model.probabilities(IMAGE);
            Response answer = predict();

            assertThat(answer.jsonPath().getString("model")).isEqualTo(name);
            List<Float> probabilities = answer.jsonPath().getList("predictions.probability", Float.class);
            List<String> labels = answer.jsonPath().getList("predictions.label");
            assertThat(labels).containsExactlyInAnyOrderElementsOf(model.labels());
            assertThat(probabilities).isSortedAccordingTo((a, b) -> Float.compare(b, a));
            for (int i = 0; i < labels.size(); i++) {
                assertThat(probabilities.get(i))
                        .isCloseTo(expected[model.labels().indexOf(labels.get(i))], within(1e-5f));
            }
        }
    }

    @Test
    void keepsOldModelWhenNewOneFailsItsSelfTest() throws Exception {
        try (TestModel old = new TestModel(name, 1, "a", "b");
                TestModel wrong = new TestModel(name, 2, "a", "b");
                TestModel right = new TestModel(name, 3, "a", "b")) {
            Events.publish(old.store(store));
            awaitVersion(1);

            ModelCard card = wrong.card();
            Events.publish(wrong.store(
                    store,
                    new ModelCard(
                            card.model(),
                            card.version(),
                            card.preprocessing(),
                            card.labels(),
                            card.files(),
                            new ModelCard.SelfTest(8, card.selfTest().probabilities())),
                    wrong.network()));
            awaitRefusals(1);
            assertThat(servedVersion()).isEqualTo(1);

            Events.publish(right.store(store));
            awaitVersion(3);
        }
    }

    @Test
    void keepsOldModelWhenNewBundleIsDamaged() throws Exception {
        try (TestModel old = new TestModel(name, 1, "a", "b");
                TestModel damaged = new TestModel(name, 2, "a", "b")) {
            Events.publish(old.store(store));
            awaitVersion(1);
            double before = refusals();

            byte[] bytes = damaged.network().clone();
            bytes[bytes.length / 2] ^= 1;
            Events.publish(damaged.store(store, damaged.card(), bytes));
            ModelPublished published = damaged.store(store);
            Events.publish(new ModelPublished(name, 2, published.bundlePrefix(), "0".repeat(64)));
            Events.publish(new ModelPublished(name, 3, "models/" + name + "/3/", "0".repeat(64)));
            store.put(
                    "models/" + name + "/4/model.json",
                    dev.graft.objectstore.ObjectContent.of("{}".getBytes(), "application/json"));
            Events.publish(new ModelPublished(name, 4, "models/" + name + "/4/", TestModel.sha256("{}".getBytes())));

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(refusals()).isGreaterThanOrEqualTo(before + 1));
            assertThat(servedVersion()).isEqualTo(1);
        }
    }

    @Test
    void dropsNoRequestWhileVersionsSwap() throws Exception {
        List<TestModel> versions = new ArrayList<>();
        for (int version = 1; version <= 4; version++) {
            versions.add(new TestModel(name, version, "a" + version, "b" + version));
        }
        Events.publish(versions.getFirst().store(store));
        awaitVersion(1);

        AtomicBoolean done = new AtomicBoolean();
        List<Future<Integer>> clients = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            Callable<Integer> client = () -> {
                int answers = 0;
                for (; !done.get(); answers++) {
                    JsonNode answer = predict(http);
                    int version = answer.path("version").asInt();
                    assertThat(answer.path("predictions").findValuesAsText("label"))
                            .containsExactlyInAnyOrder("a" + version, "b" + version);
                }
                return answers;
            };
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(client));
            }
            try {
                for (TestModel model : versions.subList(1, 4)) {
                    Events.publish(model.store(store));
                    awaitVersion(versions.indexOf(model) + 1);
                }
                Events.publish(versions.get(1).store(store));
                awaitVersion(2);
            } finally {
                done.set(true);
            }
            for (Future<Integer> answers : clients) {
                assertThat(answers.get()).isPositive();
            }
        }
        versions.forEach(TestModel::close);
    }

    @Test
    void keepsTheNewerModelWhenAnOlderRecordIsDeliveredAgain() throws Exception {
        try (TestModel first = new TestModel(name, 1, "a", "b");
                TestModel second = new TestModel(name, 2, "a", "b")) {
            Envelope<?> old = Events.publish(first.store(store));
            awaitVersion(1);
            Events.publish(second.store(store));
            awaitVersion(2);

            Events.publish(old);

            await().during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(servedVersion()).isEqualTo(2));
            // Promoted again it is a new fact.
            Events.publish(old.event());
            awaitVersion(1);
        }
    }

    /// Proves that compaction, which keeps the last record of a key, keeps the newest one: a reader that finds nothing
    /// else serves it. A duplicate of the newest has no effect.
    @Test
    void publishesTheNewestRecordAgainBehindAnOlderOne() throws Exception {
        try (TestModel first = new TestModel(name, 1, "a", "b");
                TestModel second = new TestModel(name, 2, "a", "b");
                TopicReader reader = new TopicReader(Backends.shared().bootstrapServers(), Topics.MODELS_PUBLISHED)) {
            Envelope<?> old = Events.publish(first.store(store));
            Envelope<?> newest = Events.publish(second.store(store));
            awaitVersion(2);

            Events.publish(old);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ids(reader)).endsWith(newest.id(), old.id(), newest.id()));
            Events.publish(newest);

            await().during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ids(reader))
                            .containsExactly(old.id(), newest.id(), old.id(), newest.id(), newest.id()));
            List<ConsumerRecord<String, byte[]>> ofModel = records(reader);
            ConsumerRecord<String, byte[]> original = ofModel.get(1);
            ConsumerRecord<String, byte[]> restored = ofModel.get(3);
            assertThat(restored.value()).isEqualTo(original.value());
            assertThat(TopicReader.headers(restored)).containsAllEntriesOf(TopicReader.headers(original));
            assertThat(restored.timestamp()).isEqualTo(original.timestamp());
            assertThat(restored.partition()).isEqualTo(original.partition());
            assertThat(servedVersion()).isEqualTo(2);
        }
    }

    private List<String> ids(TopicReader reader) {
        return records(reader).stream()
                .map(record -> TopicReader.headers(record).getOrDefault("ce_id", ""))
                .toList();
    }

    private List<ConsumerRecord<String, byte[]>> records(TopicReader reader) {
        return reader.readUntil(seen -> false, Duration.ofMillis(300)).stream()
                .filter(record -> name.equals(record.key()))
                .toList();
    }

    @Test
    void servesAModelNoLongerWhenItsRecordIsDeleted() throws Exception {
        try (TestModel model = new TestModel(name, 1, "a", "b")) {
            Events.publish(model.store(store));
            awaitVersion(1);

            Events.send(new ProducerRecord<>(Topics.MODELS_PUBLISHED, name, null));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> given().contentType("image/png")
                            .body(IMAGE)
                            .post("/v1/models/{name}/predict", name)
                            .then()
                            .statusCode(404));
        }
    }

    @Test
    void skipsARecordThatIsNoPublishedModel() throws Exception {
        Events.send(new ProducerRecord<>(Topics.MODELS_PUBLISHED, "nonsense", new byte[] {1}));
        Events.send(Events.structured(Topics.MODELS_PUBLISHED, "structured", """
                {"specversion":"1.0","id":"x","source":"x","type":"dev.graft.model.published.v1","time":"yesterday",\
                "data":{}}"""));

        try (TestModel model = new TestModel(name, 1, "a", "b")) {
            Events.publish(model.store(store));
            awaitVersion(1);
        }
    }

    private Response predict() {
        return given().contentType("image/png")
                .body(IMAGE)
                .post("/v1/models/{name}/predict", name)
                .then()
                .statusCode(200)
                .extract()
                .response();
    }

    /// Without REST Assured, whose expressions look for classes in every jar each time: clients that do nothing
    /// else keep the lock of a jar from the thread that waits for a version.
    private JsonNode predict(HttpClient http) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(models.resolve(name + "/predict"))
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofByteArray(IMAGE))
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private int servedVersion() {
        Integer version = get("/v1/models").jsonPath().get("find { it.model == '%s' }?.version".formatted(name));
        return version == null ? 0 : version;
    }

    private void awaitVersion(int version) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(servedVersion()).isEqualTo(version));
    }

    private static double refusals() {
        return get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("graft_predict_model_loads_total") && line.contains("refused"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static void awaitRefusals(double atLeast) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(refusals()).isGreaterThanOrEqualTo(atLeast));
    }
}
