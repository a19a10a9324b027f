package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.ModelPublished;
import dev.graft.events.EventRecords;
import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.Gate;
import dev.graft.testkit.GatedBackends;
import dev.graft.testkit.Gates;
import dev.graft.testkit.Gates.Backend;
import dev.graft.testkit.TimedRequests;
import dev.graft.testkit.TimedRequests.Answer;
import dev.graft.testkit.http.AwayRequests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Takes each backend away, stopped and frozen, and brings it back: models that are loaded are served meanwhile, and
/// what was published in that time is served afterwards without a restart.
@QuarkusTest
@QuarkusTestResource(value = GatedBackends.class, restrictToAnnotatedClass = true)
class BackendsAwayIT {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private final String name = "away-" + UUID.randomUUID();

    @Inject
    ObjectStore store;

    private Gates gates;
    private TimedRequests requests;

    @BeforeEach
    void publish() throws Exception {
        requests = new TimedRequests("http://127.0.0.1:" + RestAssured.port);
        await().atMost(RECOVERY).until(() -> requests.get("/q/health/ready").status() == 200);
        publish(1);
        awaitServed(1);
    }

    @AfterEach
    void bringBack() {
        gates.passAll();
    }

    private void publish(int version) throws Exception {
        ModelPublished published;
        try (TestModel model = new TestModel(name, version, "rose", "tulip")) {
            published = model.store(store);
        }
        publish(published);
    }

    private void publish(ModelPublished published) throws Exception {
        Envelope<?> envelope = Envelope.of(URI.create("/graft/predict-test"), published);
        ProducerRecord<String, byte[]> record = new EventRecords().write(envelope);
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + gates.broker().port()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private void awaitServed(int version) {
        await().atMost(RECOVERY)
                .untilAsserted(() -> assertThat(predict().body()).contains("\"version\":" + version));
    }

    private Answer predict() {
        return requests.ask("POST", "/v1/models/" + name + "/predict", "image/png", TestImages.png(2));
    }

    @ParameterizedTest
    @CsvSource({"OBJECTS,HANG", "OBJECTS,REFUSE", "BROKER,HANG", "BROKER,REFUSE"})
    void loadedModelsAreServedMeanwhile(Backend backend, Gate.State away) throws Exception {
        if (backend == Backend.OBJECTS) {
            ModelPublished next;
            try (TestModel model = new TestModel(name, 2, "rose", "tulip")) {
                next = model.store(store);
            }
            gates.of(backend).set(away);
            // Its bundle cannot be read: it waits, and the one before it is served.
            publish(next);
        } else {
            gates.of(backend).set(away);
        }

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(requests.get("/q/health/ready").status()).isEqualTo(503));
        assertThat(requests.get("/q/health/ready").took()).isLessThan(LONGEST);
        Answer answer = predict();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"version\":1");
        assertThat(answer.took()).isLessThan(LONGEST);
        Answer alive = requests.get("/q/health/live");
        assertThat(alive.status()).as(alive.body()).isEqualTo(200);

        gates.of(backend).set(Gate.State.PASS);
        if (backend == Backend.BROKER) {
            publish(2);
        }
        awaitServed(2);
        await().atMost(RECOVERY).until(() -> requests.get("/q/health/ready").status() == 200);
    }

    @ParameterizedTest
    @EnumSource(names = {"OBJECTS", "BROKER"})
    void everyOperationIsAnsweredInTime(Backend backend) throws Exception {
        gates.of(backend).set(Gate.State.HANG);

        AwayRequests asked = AwayRequests.ask(
                URI.create(requests.root()), Map.of("name", name, "version", "1"), Map.of(), TestImages.png(2));

        assertThat(asked.faults()).isEmpty();
        if (backend == Backend.BROKER) {
            assertThat(asked.away()).contains("GET /v1/dead-letters");
        }
    }
}
