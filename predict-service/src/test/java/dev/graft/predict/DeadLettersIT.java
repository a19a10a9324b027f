package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.graft.contracts.AsyncApiDocument;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.PredictionCompleted;
import dev.graft.contracts.PredictionRequested;
import dev.graft.contracts.Topics;
import dev.graft.events.EventRecords;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.Backends;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Records that are no prediction requests hold up nobody and can be looked at and replayed.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class DeadLettersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final EventRecords RECORDS = new EventRecords();
    private static final AsyncApiDocument DOCUMENT = AsyncApiDocument.load();

    @Inject
    ObjectStore store;

    private final String run = UUID.randomUUID().toString();

    @Test
    void deadLettersARecordThatIsNoRequestWithItsReason() throws Exception {
        ProducerRecord<String, byte[]> nonsense =
                new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, run, "nonsense".getBytes());
        Events.send(nonsense);
        Events.publish(new PredictionRequested(run + "-after", "weeds", stored(TestImages.png(22)), 1));

        ConsumerRecord<String, byte[]> dead = records(Topics.deadLetterOf(Topics.PREDICTIONS_REQUESTED), run, 1)
                .getFirst();
        assertThat(headers(dead)).containsEntry("dead-letter-reason", "the record lacks the header ce_specversion");
        assertThat(DOCUMENT.violations(dead.topic(), dead.key(), headers(dead), dead.value()))
                .isEmpty();
        assertThat(answers(1)).containsKey(run + "-after");
    }

    /// Proves that no event in structured mode stops the consumer, whatever is wrong with it, and that one
    /// whose media type is another spelling of JSON's is answered.
    @Test
    void goesOnBehindStructuredEventsThatAreNone() throws Exception {
        String imageId = stored(TestImages.png(31));
        String request = """
                {"requestId":"%s-after","modelName":"weeds","imageId":"%s","top":1}""".formatted(run, imageId);
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put("\"time\":\"yesterday\",\"data\":{}", "yesterday");
        reasons.put("\"time\":7,\"data\":{}", "time");
        reasons.put("\"data\":{},\"data_base64\":\"e30=\"", "both data and data_base64");
        reasons.put("\"specversion\":\"2.0\",\"data\":{}", "2.0");
        reasons.put("\"datacontenttype\":\"text/plain\",\"data\":{}", "text/plain");
        for (String members : reasons.keySet()) {
            Events.send(structured(members));
        }
        Events.send(structured("\"datacontenttype\":\"Application/vnd.x+JSON\",\"data\":" + request));

        assertThat(answers(1)).containsKey(run + "-after");
        List<ConsumerRecord<String, byte[]>> dead =
                records(Topics.deadLetterOf(Topics.PREDICTIONS_REQUESTED), run, reasons.size());
        assertThat(reasons.values())
                .allSatisfy(named -> assertThat(dead)
                        .anySatisfy(letter -> assertThat(headers(letter).get("dead-letter-reason"))
                                .contains(named)));
        assertThat(dead)
                .allSatisfy(letter -> assertThat(
                                DOCUMENT.violations(letter.topic(), letter.key(), headers(letter), letter.value()))
                        .isEmpty());
    }

    private ProducerRecord<String, byte[]> structured(String members) {
        return Events.structured(Topics.PREDICTIONS_REQUESTED, run, """
                {"specversion":"1.0","id":"%s","source":"urn:shop",
                 "type":"dev.graft.prediction.requested.v1",%s}""".formatted(UUID.randomUUID(), members));
    }

    @Test
    void goesOnBehindARecordThatIsAsLargeAsOneMayBe() throws Exception {
        Events.send(new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, run, new byte[1_048_400]));
        Events.publish(new PredictionRequested(run + "-after", "weeds", stored(TestImages.png(23)), 1));

        assertThat(answers(1)).containsKey(run + "-after");
        assertThat(records(Topics.deadLetterOf(Topics.PREDICTIONS_REQUESTED), run, 1)
                        .getFirst()
                        .value())
                .hasSize(1_048_400);
    }

    /// The last has 64 MiB, the most that the manual allows, with its key and the few bytes that frame it.
    @ParameterizedTest
    @ValueSource(ints = {3 << 20, 20 << 20, (64 << 20) - 1_024})
    void answersTheNextRequestWithinSecondsBehindARecordOfMegabytes(int sizeBytes) throws Exception {
        ProducerRecord<String, byte[]> large =
                new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, run, new byte[sizeBytes]);
        Events.send(large, "gzip");
        Instant sent = Instant.now();
        Events.publish(new PredictionRequested(run + "-after", "weeds", stored(TestImages.png(24)), 1));

        assertThat(answers(1)).containsKey(run + "-after");
        assertThat(Duration.between(sent, Instant.now())).isLessThan(Duration.ofSeconds(10));
        ConsumerRecord<String, byte[]> dead = records(Topics.deadLetterOf(Topics.PREDICTIONS_REQUESTED), run, 1)
                .getFirst();
        assertThat(dead.value()).hasSizeLessThan(2 << 20);
        assertThat(headers(dead))
                .containsEntry("dead-letter-kind", "unreadable")
                .containsEntry("dead-letter-topic", Topics.PREDICTIONS_REQUESTED)
                .containsEntry("dead-letter-size-bytes", Integer.toString(sizeBytes))
                .containsEntry("dead-letter-cut", "true")
                .containsKeys("dead-letter-partition", "dead-letter-offset");
        assertThat(headers(dead).get("dead-letter-reason")).contains(Integer.toString(sizeBytes));
    }

    /// Proves what the manual advises for topics on which strangers publish: the broker's bound holds for what
    /// is compressed, too.
    @Test
    void isSparedLargeRecordsByABrokerThatKeepsTheTopicUncompressed() throws Exception {
        String topic = "uncompressed-" + run;
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", Backends.shared().bootstrapServers()))) {
            NewTopic uncompressed = new NewTopic(topic, Optional.of(1), Optional.empty())
                    .configs(Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "uncompressed"));
            admin.createTopics(List.of(uncompressed)).all().get();
        }

        Events.send(new ProducerRecord<>(topic, run, new byte[1 << 10]), "gzip");
        assertThatThrownBy(() -> Events.send(new ProducerRecord<>(topic, run, new byte[20 << 20]), "gzip"))
                .hasCauseInstanceOf(RecordTooLargeException.class);
    }

    @Test
    void answersARequestWhoseKeyAndHeadersAreEnormousWithADeadLetterOnly() throws Exception {
        ProducerRecord<String, byte[]> large =
                new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, "k".repeat(3 << 20), new byte[] {1});
        large.headers().add("ce_type", new byte[3 << 20]);
        large.headers().add("mark", run.getBytes());
        Events.send(large, "gzip");
        Events.publish(new PredictionRequested(run + "-after", "weeds", stored(TestImages.png(25)), 1));

        assertThat(answers(1)).containsKey(run + "-after");
        String deadLetters = Topics.deadLetterOf(Topics.PREDICTIONS_REQUESTED);
        try (TopicReader reader = new TopicReader(Backends.shared().bootstrapServers(), deadLetters)) {
            assertThat(reader.readUntil(records -> records.stream().anyMatch(this::isMarked), PATIENCE))
                    .filteredOn(this::isMarked)
                    .singleElement()
                    .satisfies(dead -> {
                        assertThat(dead.key()).isNull();
                        assertThat(headers(dead)).containsEntry("dead-letter-cut", "true");
                    });
        }
    }

    private boolean isMarked(ConsumerRecord<String, byte[]> record) {
        return run.equals(headers(record).get("mark"));
    }

    @Test
    void listsShowsAndReplaysDeadLetters() throws Exception {
        Events.send(new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, run, "nonsense".getBytes()));
        ProducerRecord<String, byte[]> large =
                new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, run + "-large", new byte[3 << 20]);
        Events.send(large, "gzip");
        records(Topics.deadLetterOf(Topics.PREDICTIONS_REQUESTED), run, 2);

        List<String> ids = get("/v1/dead-letters?topic=predictions.requested.v1&limit=1000")
                .then()
                .statusCode(200)
                .extract()
                .path("deadLetters.findAll { it.key == '%s' }.id".formatted(run));
        assertThat(ids).hasSize(1);
        get("/v1/dead-letters/{id}", ids.getFirst())
                .then()
                .statusCode(200)
                .body("body", equalTo("nonsense"))
                .body("kind", equalTo("unreadable"))
                .body("attempts", equalTo(1))
                .body("reason", equalTo("the record lacks the header ce_specversion"));
        post("/v1/dead-letters/{id}/replay", ids.getFirst())
                .then()
                .statusCode(200)
                .body("replayedAt", notNullValue());
        // It is no more readable than before: it comes back as another dead letter, which says what it was.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/v1/dead-letters?limit=1000")
                                .jsonPath()
                                .<String>getList("deadLetters.findAll { it.key == '%s' }.id".formatted(run)))
                        .hasSize(2));
        assertThat(get("/v1/dead-letters?limit=1000")
                        .jsonPath()
                        .<String>getList("deadLetters.findAll { it.replayedAt != null }.id"))
                .contains(ids.getFirst());

        String cut =
                get("/v1/dead-letters?limit=1000").path("deadLetters.find { it.key == '%s-large' }.id".formatted(run));
        post("/v1/dead-letters/{id}/replay", cut).then().statusCode(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/v1/dead-letters?limit=1000")
                                .jsonPath()
                                .<Integer>getList(
                                        "deadLetters.findAll { it.key == '%s-large' }.sizeBytes".formatted(run)))
                        .containsExactly(3 << 20, 3 << 20));
    }

    @Test
    void pagesThroughDeadLettersAndRefusesWhatIsNone() throws Exception {
        for (int i = 0; i < 3; i++) {
            Events.send(new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, run, new byte[] {1}));
        }
        records(Topics.deadLetterOf(Topics.PREDICTIONS_REQUESTED), run, 3);

        List<String> all = get("/v1/dead-letters?limit=1000").jsonPath().getList("deadLetters.id");
        List<String> paged = new ArrayList<>();
        String next = "";
        while (next != null) {
            JsonPath page = get("/v1/dead-letters?limit=2" + (next.isEmpty() ? "" : "&after=" + next))
                    .jsonPath();
            paged.addAll(page.getList("deadLetters.id"));
            next = page.get("next");
        }
        assertThat(paged).containsExactlyElementsOf(all).hasSizeGreaterThanOrEqualTo(3);

        get("/v1/dead-letters?limit=0").then().statusCode(400);
        get("/v1/dead-letters?after=x").then().statusCode(400);
        get("/v1/dead-letters/predictions.requested.v1-0-999999").then().statusCode(404);
        get("/v1/dead-letters/images.ingested.v1-0-0").then().statusCode(404);
        post("/v1/dead-letters/{id}/replay", "x".repeat(2_000)).then().statusCode(404);
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
