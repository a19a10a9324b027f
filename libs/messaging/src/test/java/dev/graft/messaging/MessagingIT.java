package dev.graft.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.AsyncApiDocument;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.EventCodec;
import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.Topics;
import dev.graft.contracts.TrainingProgressed;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(MessagingBackends.class)
class MessagingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final EventCodec CODEC = new EventCodec();

    @Inject
    Transactions transactions;

    @Inject
    Outbox outbox;

    @Inject
    ProcessedEvents processed;

    @Inject
    Pool pool;

    @Inject
    SpoonConsumer consumer;

    @Inject
    ProcessedEventsExpiry expiry;

    MessagingBackends.SwitchableBroker broker;

    @Test
    void tellsExactlyWhatIsCommitted() {
        String kept = runId();
        String rolledBack = runId();

        transactions.call(session -> outbox.append(session, progress(kept, 1)));
        assertThatThrownBy(() -> transactions.call(session -> outbox.append(session, progress(rolledBack, 1))
                        .chain(() -> Uni.createFrom().failure(new IllegalStateException("changed my mind")))))
                .hasMessageContaining("changed my mind");
        transactions.call(session -> outbox.append(session, progress(kept, 2)));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told(kept)).containsExactly(1L, 2L));
        assertThat(told(rolledBack)).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(count("select count(*) from outbox")).isZero());
    }

    @Test
    void tellsEveryEventAsTheDocumentDescribes() {
        String run = runId();
        transactions.call(session -> outbox.append(session, progress(run, 1)));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told(run)).hasSize(1));
        AsyncApiDocument document = AsyncApiDocument.load();
        assertThat(records(Topics.TRAININGS_PROGRESSED, record -> run.equals(record.key())))
                .allSatisfy(record -> assertThat(
                                document.violations(record.topic(), record.key(), headers(record), record.value()))
                        .isEmpty());
    }

    @Test
    void keepsTheOrderOfEachKeyThroughABrokersAbsence() {
        List<String> runs = List.of(runId(), runId(), runId());
        for (long step = 1; step <= 40; step++) {
            if (step == 10) {
                broker.stop();
            }
            long done = step;
            for (String run : runs) {
                transactions.call(session -> outbox.append(session, progress(run, done), progress(run, done + 1000)));
            }
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(RestAssured.get("/q/health/ready")
                                .jsonPath()
                                .getMap("checks.find { it.name == 'graft-messaging' }.data"))
                        .containsKey("outbox"));
        readiness("DOWN");
        RestAssured.get("/q/health/live").then().statusCode(200);
        broker.start();

        List<Long> expected = IntStream.rangeClosed(1, 40)
                .boxed()
                .flatMap(step -> List.of((long) step, step + 1000L).stream())
                .toList();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(runs)
                        .allSatisfy(run -> assertThat(inFirstOrder(told(run))).isEqualTo(expected)));
        await().atMost(PATIENCE).untilAsserted(() -> readiness("UP"));
    }

    @Test
    void handlesADuplicateOnce() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        Envelope<?> first = image(mediaType, 10);
        Envelope<?> second = image(mediaType, 10);

        send(first, first, second, first);
        send(second);
        send(image(mediaType + "-end", 10), image(mediaType + "-end", 10));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heard(mediaType + "-end")).isEqualTo(2));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heard(mediaType)).isEqualTo(2));
    }

    @Test
    void buriesPoisonWithItsReasonAndGoesOn() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        Envelope<?> tooWide = image(mediaType, 9_001);
        ProducerRecord<String, byte[]> nonsense =
                new ProducerRecord<>(Topics.IMAGES_INGESTED, mediaType, "nonsense".getBytes(UTF_8));

        send(image(mediaType, 1));
        send(record(tooWide), nonsense, record(image(mediaType, 2)), record(image(mediaType, 3)));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heard(mediaType)).isEqualTo(3));
        String deadLetters = Topics.deadLetterOf(Topics.IMAGES_INGESTED);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(records(
                                        deadLetters,
                                        record -> mediaType.equals(record.key())
                                                || tooWide.event()
                                                        .partitionKey()
                                                        .equals(record.key()))
                                .stream()
                                .map(record -> headers(record).get(DeadLetters.REASON)))
                        .containsExactlyInAnyOrder(
                                "the record lacks the header ce_specversion", "too wide for a spoon"));
        AsyncApiDocument document = AsyncApiDocument.load();
        assertThat(records(deadLetters, record -> true))
                .allSatisfy(record -> assertThat(
                                document.violations(record.topic(), record.key(), headers(record), record.value()))
                        .isEmpty());
    }

    @Test
    void waitsUntilAFaultHasPassedAndThenCountsOnce() throws Exception {
        String mediaType = "image/" + UUID.randomUUID();
        consumer.failNext(4);

        send(image(mediaType, 1));

        await().atMost(PATIENCE).untilAsserted(() -> readiness("DOWN"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heard(mediaType)).isEqualTo(1));
        assertThat(consumer.faultsToCome()).isZero();
        await().atMost(PATIENCE).untilAsserted(() -> readiness("UP"));
        assertThat(records(
                        Topics.deadLetterOf(Topics.IMAGES_INGESTED),
                        record -> headers(record).get(DeadLetters.REASON).contains("stuck")))
                .isEmpty();
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

    @Test
    void tellsThousandsOfEventsOfOneTransaction() {
        List<String> runs = IntStream.range(0, 5_000).mapToObj(i -> runId()).toList();

        transactions.call(session -> outbox.append(
                session, runs.stream().map(run -> progress(run, 1)).toList()));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(count("select count(*) from outbox")).isZero());

        Map<String, List<Long>> told = records(Topics.TRAININGS_PROGRESSED, record -> true).stream()
                .collect(groupingBy(ConsumerRecord::key, mapping(MessagingIT::done, toList())));
        assertThat(told).containsKeys(runs.toArray(String[]::new));
    }

    private static void readiness(String status) {
        assertThat(RestAssured.get("/q/health/ready").jsonPath().getString("status"))
                .isEqualTo(status);
    }

    private static String runId() {
        return UUID.randomUUID().toString();
    }

    private static TrainingProgressed progress(String runId, long done) {
        return new TrainingProgressed(runId, TrainingProgressed.Phase.TRAINING, done, 2000, null, null);
    }

    private static Envelope<?> image(String mediaType, int widthPixels) {
        String imageId = UUID.randomUUID().toString().replace("-", "").repeat(2);
        return Envelope.of(
                URI.create("/graft/messaging-test"), new ImageIngested(imageId, 1, mediaType, widthPixels, 1));
    }

    /// The values in the order of their first telling: at least once, in order.
    private static List<Long> inFirstOrder(List<Long> told) {
        return told.stream().distinct().toList();
    }

    private List<Long> told(String runId) {
        return records(Topics.TRAININGS_PROGRESSED, record -> runId.equals(record.key())).stream()
                .map(MessagingIT::done)
                .toList();
    }

    private static long done(ConsumerRecord<String, byte[]> record) {
        return ((TrainingProgressed)
                        CODEC.decode(headers(record), record.value()).event())
                .done();
    }

    private long heard(String mediaType) {
        return count("select coalesce(max(count), 0) from spoon where name = '" + mediaType + "'");
    }

    private long count(String query) {
        return pool.query(query)
                .execute()
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }

    private List<ConsumerRecord<String, byte[]>> records(
            String topic, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.bootstrapServers());
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (wanted.test(record)) {
                        found.add(record);
                    }
                });
            }
        }
        return found;
    }

    private static ProducerRecord<String, byte[]> record(Envelope<?> envelope) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                envelope.type().topic(), envelope.event().partitionKey(), CODEC.encode(envelope.event()));
        envelope.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    private void send(Envelope<?>... envelopes) throws Exception {
        for (Envelope<?> envelope : envelopes) {
            send(record(envelope));
        }
    }

    @SafeVarargs
    private void send(ProducerRecord<String, byte[]>... records) throws Exception {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.bootstrapServers());
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            for (ProducerRecord<String, byte[]> record : records) {
                producer.send(record);
            }
            producer.flush();
        }
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}
