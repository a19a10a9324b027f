package dev.graft.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.graft.contracts.AsyncApiDocument;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.Topics;
import dev.graft.testkit.sql.DeletionBound;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(MessagingBackends.class)
class IntakeIT extends MessagingSetting {
    @Inject
    ProcessedEvents processed;

    @Inject
    SpoonConsumer consumer;

    @Inject
    ProcessedEventsExpiry expiry;

    @Test
    void handlesADuplicateOnce() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        Envelope<?> first = image(mediaType, 10);
        Envelope<?> second = image(mediaType, 10);

        send(first, first, second, first);
        send(second);
        send(image(mediaType + "-end", 10), image(mediaType + "-end", 10));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType + "-end")).isEqualTo(2));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(2));
    }

    @Test
    void deadLettersPoisonWithItsReasonAndGoesOn() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        Envelope<?> tooWide = image(mediaType, 9_001);
        ProducerRecord<String, byte[]> nonsense =
                new ProducerRecord<>(Topics.IMAGES_INGESTED, mediaType, "nonsense".getBytes(UTF_8));

        send(image(mediaType, 1));
        send(record(tooWide), nonsense, record(image(mediaType, 2)), record(image(mediaType, 3)));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(3));
        String deadLetters = Topics.deadLetterOf(Topics.IMAGES_INGESTED);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(records(
                                        deadLetters,
                                        record -> mediaType.equals(record.key())
                                                || tooWide.event()
                                                        .partitionKey()
                                                        .equals(record.key()))
                                .stream()
                                .map(record -> headers(record).get("dead-letter-reason")))
                        .containsExactlyInAnyOrder(
                                "the record lacks the header ce_specversion", "too wide for a spoon"));
        AsyncApiDocument document = AsyncApiDocument.load();
        assertThat(records(deadLetters, record -> true))
                .allSatisfy(record -> assertThat(
                                document.violations(record.topic(), record.key(), headers(record), record.value()))
                        .isEmpty());
    }

    @Test
    void deadLettersPoisonThatIsAsLargeAsARecordMayBe() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        ProducerRecord<String, byte[]> large = new ProducerRecord<>(Topics.IMAGES_INGESTED, new byte[1_048_400]);
        ProducerRecord<String, byte[]> longNames = record(image(mediaType, 1));
        longNames.headers().remove("ce_id").add("ce_id", "x".repeat(400_000).getBytes(UTF_8));
        ProducerRecord<String, byte[]> longType = record(image(mediaType, 1));
        longType.headers().remove("ce_type").add("ce_type", "x".repeat(900_000).getBytes(UTF_8));

        send(large, longNames, longType, record(image(mediaType, 2)));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                records(Topics.deadLetterOf(Topics.IMAGES_INGESTED), record -> true).stream()
                                        .map(record -> headers(record).get("dead-letter-reason")))
                        .anyMatch(reason -> reason.contains("ce_specversion"))
                        .anyMatch(reason -> reason.contains("an id of 1 to 255 characters"))
                        .anyMatch(reason -> reason.startsWith("unknown event type: xxx") && reason.length() < 1_100));
    }

    @Test
    void parksWhatFailsUnexpectedlyAndReplaysItWithoutLoss() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        Envelope<?> breaking = image(mediaType, 9_000);
        consumer.repair(false);

        send(image(mediaType, 1), breaking, image(mediaType, 2), image(mediaType, 3));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(3));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(deadLetters(breaking))
                        .singleElement()
                        .satisfies(record -> assertThat(headers(record))
                                .containsEntry("dead-letter-kind", "parked")
                                .containsEntry("dead-letter-attempts", "5")
                                .containsEntry("dead-letter-consumer", "count")
                                .hasEntrySatisfying(
                                        "dead-letter-reason",
                                        reason -> assertThat(reason).contains("the spoon bends"))));
        await().atMost(PATIENCE).untilAsserted(() -> readiness("UP"));

        consumer.repair(true);
        String id = RestAssured.get("/v1/dead-letters?limit=1000")
                .path("deadLetters.find { it.eventId == '%s' }.id".formatted(breaking.id()));
        RestAssured.post("/v1/dead-letters/{id}/replay", id).then().statusCode(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(4));
        // A second replay is a second delivery.
        RestAssured.post("/v1/dead-letters/{id}/replay", id).then().statusCode(200);
        send(image(mediaType + "-end", 10), image(mediaType + "-end", 10), image(mediaType + "-end", 10));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType + "-end")).isEqualTo(3));
        assertThat(counted(mediaType)).isEqualTo(4);
    }

    /// Proves that work which the database ends every time for its length is given up and holds up nobody else.
    @Test
    void parksAnEventWhoseStatementAlwaysTakesTooLong() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        Envelope<?> slow = image(mediaType, SpoonConsumer.SLOW_WIDTH_PIXELS);

        send(slow, image(mediaType, 1));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(deadLetters(slow))
                        .singleElement()
                        .satisfies(record -> assertThat(headers(record))
                                .containsEntry("dead-letter-kind", "parked")
                                .containsEntry("dead-letter-attempts", "5")));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(1));
        await().atMost(PATIENCE).untilAsserted(() -> readiness("UP"));
    }

    private List<ConsumerRecord<String, byte[]>> deadLetters(Envelope<?> envelope) {
        return records(
                Topics.deadLetterOf(Topics.IMAGES_INGESTED),
                record -> envelope.event().partitionKey().equals(record.key()));
    }

    @Test
    void takesTheSameIdOfAnotherSourceForAnotherEvent() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        Envelope<?> here = image(mediaType, 10);
        Envelope<?> there = new Envelope<>(here.id(), URI.create("/elsewhere"), here.time(), here.event());

        send(here, there, here);
        send(image(mediaType + "-end", 10));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(2));
    }

    @Test
    void waitsUntilAFaultHasPassedAndThenCountsOnce() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        consumer.failNext(Integer.MAX_VALUE);

        send(image(mediaType, 1));

        await().atMost(PATIENCE).untilAsserted(() -> readiness("DOWN"));
        consumer.failNext(0);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(1));
        await().atMost(PATIENCE).untilAsserted(() -> readiness("UP"));
        assertThat(records(
                        Topics.deadLetterOf(Topics.IMAGES_INGESTED),
                        record -> headers(record).get("dead-letter-reason").contains("stuck")))
                .isEmpty();
    }

    /// Proves that a consumer which is full takes nothing else away from users: nothing is away.
    @Test
    void waitsForRoomAndStaysReady() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        consumer.room(0);

        send(image(mediaType, 1));

        await().atMost(PATIENCE)
                .untilAsserted(() -> RestAssured.get("/q/health/ready")
                        .then()
                        .statusCode(200)
                        .body("checks.find { it.name == 'graft-messaging' }.data.count", equalTo("NoRoomException")));
        assertThat(counted(mediaType)).isZero();
        consumer.room(Integer.MAX_VALUE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(1));
    }

    @Test
    void handlesOneByOneWhatThereIsNoRoomForTogether() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        consumer.room(1);

        send(image(mediaType, 1), image(mediaType, 2), image(mediaType, 3));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(3));
        consumer.room(Integer.MAX_VALUE);
    }

    @Test
    void forgetsEventsThatAreTooOldToComeAgain() {
        String id = UUID.randomUUID().toString();
        assertThat(fresh("old", id)).containsExactly(id);

        expiry.forgetBefore(OffsetDateTime.now().minusHours(1));
        assertThat(fresh("old", id)).isEmpty();
        expiry.forgetBefore(OffsetDateTime.now().plusHours(1));
        assertThat(fresh("old", id)).containsExactly(id);
    }

    @Test
    void forgetsManyEventsInSmallTransactions() {
        DeletionBound bound = new DeletionBound("processed_event", ProcessedEventsExpiry.ROWS_PER_TRANSACTION);
        int events = 2 * bound.rows() + 1;
        execute("""
                insert into processed_event (consumer, event_id, processed_at)
                select 'many', n, now() - interval '101 days' from generate_series(1, %d) n""".formatted(events));
        bound.imposed().forEach(this::execute);

        try {
            assertThat(expiry.forgetBefore(OffsetDateTime.now().minusDays(100))).isEqualTo(events);
        } finally {
            bound.lifted().forEach(this::execute);
        }
    }

    private void execute(String sql) {
        transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }

    @Test
    void remembersEachEventForEachConsumer() {
        String id = UUID.randomUUID().toString();

        assertThat(fresh("a", id)).containsExactly(id);
        assertThat(fresh("a", id)).isEmpty();
        assertThat(fresh("b", id)).containsExactly(id);
        assertThat(fresh("a", id, "x" + id, "x" + id)).containsExactly("x" + id);
        assertThat(fresh("a")).isEmpty();
        boolean again = transactions.call(session -> processed.firstTime(session, "b", id));
        assertThat(again).isFalse();
    }

    private Set<String> fresh(String consumer, String... ids) {
        return transactions.call(session -> processed.firstTimes(session, consumer, List.of(ids)));
    }
}
