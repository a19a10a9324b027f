package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasItem;

import dev.graft.contracts.AsyncApiDocument;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.EventCodec;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.PredictionCompleted;
import dev.graft.contracts.PredictionRequested;
import dev.graft.contracts.Topics;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.Backends;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
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
class WishesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final EventCodec CODEC = new EventCodec();
    private static final AsyncApiDocument DOCUMENT = AsyncApiDocument.load();

    @Inject
    ObjectStore store;

    private final String run = UUID.randomUUID().toString();

    @Test
    void answersWishesForStoredPictures() throws Exception {
        String name = "wish-" + run;
        byte[] picture = TestPictures.png(20);
        try (TestModel model = new TestModel(name, 2, "rose", "tulip")) {
            Events.tell(model.store(store));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> get("/v1/models").then().body("model", hasItem(name)));

            Events.tell(new PredictionRequested(run + "-good", name, stored(picture), 1));
            Events.tell(new PredictionRequested(run + "-weeds", "weeds", stored(picture), 1));
            Events.tell(new PredictionRequested(run + "-absent", name, TestModel.sha256(run.getBytes()), 1));
            Events.tell(new PredictionRequested(run + "-bad", name, stored(("bad " + run).getBytes()), 1));

            Map<String, PredictionCompleted> answers = answers(4);
            PredictionCompleted good = answers.get(run + "-good");
            assertThat(good.version()).isEqualTo(2);
            assertThat(good.problem()).isNull();
            assertThat(good.predictions()).hasSize(1);
            float[] expected = model.probabilities(picture);
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
        Envelope<?> wish = Events.tell(new PredictionRequested(run, "weeds", stored(TestPictures.png(21)), 1));
        Events.tell(wish);

        List<ConsumerRecord<String, byte[]>> answers = records(Topics.PREDICTIONS_COMPLETED, run, 2);
        assertThat(answers.stream().map(record -> headers(record).get("ce_id")).distinct())
                .hasSize(1);
    }

    @Test
    void buriesARecordThatIsNoWishWithItsReason() throws Exception {
        ProducerRecord<String, byte[]> nonsense =
                new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, run, "nonsense".getBytes());
        Events.send(nonsense);
        Events.tell(new PredictionRequested(run + "-after", "weeds", stored(TestPictures.png(22)), 1));

        ConsumerRecord<String, byte[]> dead = records(Topics.deadLetterOf(Topics.PREDICTIONS_REQUESTED), run, 1)
                .getFirst();
        assertThat(headers(dead)).containsEntry("dead-letter-reason", "the record lacks the header ce_specversion");
        assertThat(DOCUMENT.violations(dead.topic(), dead.key(), headers(dead), dead.value()))
                .isEmpty();
        assertThat(answers(1)).containsKey(run + "-after");
    }

    @Test
    void goesOnBehindARecordThatIsAsLargeAsOneMayBe() throws Exception {
        Events.send(new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, run, new byte[1_048_400]));
        Events.tell(new PredictionRequested(run + "-after", "weeds", stored(TestPictures.png(23)), 1));

        assertThat(answers(1)).containsKey(run + "-after");
        assertThat(records(Topics.deadLetterOf(Topics.PREDICTIONS_REQUESTED), run, 1)
                        .getFirst()
                        .value())
                .hasSize(1_048_400);
    }

    private String stored(byte[] picture) {
        String imageId = TestModel.sha256(picture);
        store.put(ObjectKeys.image(imageId), ObjectContent.of(picture, "image/png"));
        return imageId;
    }

    private Map<String, PredictionCompleted> answers(int count) {
        return records(Topics.PREDICTIONS_COMPLETED, run, count).stream()
                .peek(record -> assertThat(
                                DOCUMENT.violations(record.topic(), record.key(), headers(record), record.value()))
                        .isEmpty())
                .map(record -> (PredictionCompleted)
                        CODEC.decode(headers(record), record.value()).event())
                .collect(java.util.stream.Collectors.toMap(PredictionCompleted::requestId, answer -> answer));
    }

    private static List<ConsumerRecord<String, byte[]>> records(String topic, String keyPrefix, int count) {
        try (TopicReader reader = new TopicReader(Backends.shared().bootstrapServers(), topic)) {
            List<ConsumerRecord<String, byte[]>> found = reader
                    .readUntil(
                            records -> records.stream()
                                            .filter(record -> record.key().startsWith(keyPrefix))
                                            .count()
                                    >= count,
                            PATIENCE)
                    .stream()
                    .filter(record -> record.key().startsWith(keyPrefix))
                    .toList();
            assertThat(found).hasSize(count);
            return found;
        }
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        return RecordHeaderText.of(record.headers());
    }
}
