package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasItem;

import dev.graft.contracts.AsyncApiDocument;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.PredictionCompleted;
import dev.graft.contracts.PredictionRequested;
import dev.graft.contracts.Topics;
import dev.graft.contracts.TraceContext;
import dev.graft.events.EventRecords;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.Backends;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class PredictionRequestsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final EventRecords RECORDS = new EventRecords();
    private static final AsyncApiDocument DOCUMENT = AsyncApiDocument.load();

    @Inject
    ObjectStore store;

    private final String run = UUID.randomUUID().toString();

    @Test
    void answersRequestsForStoredImages() throws Exception {
        String name = "request-" + run;
        byte[] image = TestImages.png(20);
        try (TestModel model = new TestModel(name, 2, "rose", "tulip")) {
            Events.publish(model.store(store));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> get("/v1/models").then().body("model", hasItem(name)));

            Events.publish(new PredictionRequested(run + "-good", name, stored(image), 1));
            Events.publish(new PredictionRequested(run + "-weeds", "weeds", stored(image), 1));
            Events.publish(new PredictionRequested(run + "-absent", name, TestModel.sha256(run.getBytes()), 1));
            Events.publish(new PredictionRequested(run + "-bad", name, stored(("bad " + run).getBytes()), 1));

            Map<String, PredictionCompleted> answers = answers(4);
            PredictionCompleted good = answers.get(run + "-good");
            assertThat(good.version()).isEqualTo(2);
            assertThat(good.problem()).isNull();
            assertThat(good.predictions()).hasSize(1);
            float[] expected = model.probabilities(image);
            assertThat(good.predictions().getFirst().probability())
                    .isCloseTo(Math.max(expected[0], expected[1]), within(1e-5));
            assertThat(Stream.of("-weeds", "-absent", "-bad").map(suffix -> answers.get(run + suffix)))
                    .allSatisfy(answer -> {
                        assertThat(answer.problem()).isNotBlank();
                        assertThat(answer.predictions()).isEmpty();
                        assertThat(answer.version()).isNull();
                    });
        }
    }

    @Test
    void answersASecondDeliveryWithTheSameEvent() throws Exception {
        Envelope<?> request = Events.publish(new PredictionRequested(run, "weeds", stored(TestImages.png(21)), 1));
        Events.publish(request);

        List<ConsumerRecord<String, byte[]>> answers = records(Topics.PREDICTIONS_COMPLETED, run, 2);
        assertThat(answers.stream().map(record -> headers(record).get("ce_id")).distinct())
                .hasSize(1);
    }

    @Test
    void answersARequestWithoutTimeAndWithAttributesThatItDoesNotKnow() throws Exception {
        ProducerRecord<String, byte[]> record = RECORDS.write(Envelope.of(
                URI.create("https://shop.example/orders"),
                new PredictionRequested(run, "weeds", stored(TestImages.png(26)), 1)));
        record.headers().remove("ce_time");
        record.headers().remove("content-type");
        record.headers().add("ce_Odd-Name_of_more_than_twenty", "x".getBytes());
        record.headers().add("ce_sampledrate", new byte[] {0, 1});
        Events.send(record);

        assertThat(answers(1).get(run).problem()).isNotBlank();
    }

    @Test
    void answersARequestInStructuredMode() throws Exception {
        String imageId = stored(TestImages.png(27));
        String body = """
                {"specversion":"1.0","id":"%s","source":"urn:shop","type":"dev.graft.prediction.requested.v1",
                 "time":null,"shop":{"name":"x"},"data":{"requestId":"%s","modelName":"weeds","imageId":"%s","top":1}}
                """.formatted(run, run, imageId);
        Events.send(Events.structured(Topics.PREDICTIONS_REQUESTED, run, body));

        assertThat(answers(1).get(run).imageId()).isEqualTo(imageId);
    }

    @Test
    void answersInTheTraceOfTheRequest() throws Exception {
        TraceContext trace =
                new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=value");
        Events.publish(Envelope.of(
                URI.create("/graft/predict-test"),
                new PredictionRequested(run, "weeds", stored(TestImages.png(28)), 1),
                trace));

        assertThat(headers(records(Topics.PREDICTIONS_COMPLETED, run, 1).getFirst()))
                .containsEntry("ce_traceparent", trace.traceParent())
                .containsEntry("ce_tracestate", "vendor=value");
    }

    private String stored(byte[] image) {
        String imageId = TestModel.sha256(image);
        store.put(ObjectKeys.image(imageId), ObjectContent.of(image, "image/png"));
        return imageId;
    }

    private Map<String, PredictionCompleted> answers(int count) {
        return records(Topics.PREDICTIONS_COMPLETED, run, count).stream()
                .peek(record -> assertThat(
                                DOCUMENT.violations(record.topic(), record.key(), headers(record), record.value()))
                        .isEmpty())
                .map(record -> (PredictionCompleted) RECORDS.read(record).event())
                .collect(java.util.stream.Collectors.toMap(PredictionCompleted::requestId, answer -> answer));
    }

    private static List<ConsumerRecord<String, byte[]>> records(String topic, String keyPrefix, int count) {
        try (TopicReader reader = new TopicReader(Backends.shared().bootstrapServers(), topic)) {
            List<ConsumerRecord<String, byte[]>> found = reader
                    .readUntil(
                            records -> records.stream()
                                            .filter(record -> record.key() != null
                                                    && record.key().startsWith(keyPrefix))
                                            .count()
                                    >= count,
                            PATIENCE)
                    .stream()
                    .filter(record -> record.key() != null && record.key().startsWith(keyPrefix))
                    .toList();
            assertThat(found).hasSize(count);
            return found;
        }
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        return TopicReader.headers(record);
    }
}
