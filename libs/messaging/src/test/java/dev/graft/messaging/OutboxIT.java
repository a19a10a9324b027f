package dev.graft.messaging;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.AsyncApiDocument;
import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.ImageRejected;
import dev.graft.contracts.Topics;
import dev.graft.contracts.TrainingProgressed;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(MessagingBackends.class)
class OutboxIT extends MessagingSetting {
    @Inject
    Outbox outbox;

    @Test
    void publishesExactlyWhatIsCommitted() {
        String kept = runId();
        String rolledBack = runId();

        transactions.call(session -> outbox.append(session, progress(kept, 1)));
        assertThatThrownBy(() -> transactions.call(session -> outbox.append(session, progress(rolledBack, 1))
                        .chain(() -> Uni.createFrom().failure(new IllegalStateException("changed my mind")))))
                .hasMessageContaining("changed my mind");
        transactions.call(session -> outbox.append(session, progress(kept, 2)));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(published(kept)).containsExactly(1L, 2L));
        assertThat(published(rolledBack)).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(count("select count(*) from outbox")).isZero());
    }

    @Test
    void publishesEveryEventAsTheDocumentDescribes() {
        String run = runId();
        transactions.call(session -> outbox.append(session, progress(run, 1)));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(published(run)).hasSize(1));
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
                        .allSatisfy(
                                run -> assertThat(inFirstOrder(published(run))).isEqualTo(expected)));
        await().atMost(PATIENCE).untilAsserted(() -> readiness("UP"));
    }

    @Test
    void publishesAgainAndCountsOnceWhenTheRelayDiesBeforeItDeletes() throws Exception {
        String run = runId();
        String mediaType = "image/" + UUID.randomUUID();
        ImageIngested image = (ImageIngested) image(mediaType, 10).event();
        execute("create function refuse() returns trigger language plpgsql as $$ begin raise 'died'; end $$");
        execute("create trigger dies before delete on outbox execute function refuse()");
        try {
            transactions.call(session -> outbox.append(session, progress(run, 1), image, progress(run, 2)));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(published(run)).hasSizeGreaterThan(3));
        } finally {
            execute("drop trigger dies on outbox");
            execute("drop function refuse()");
        }

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(count("select count(*) from outbox")).isZero());
        assertThat(inFirstOrder(published(run))).containsExactly(1L, 2L);
        assertThat(records(Topics.TRAININGS_PROGRESSED, record -> run.equals(record.key())).stream()
                        .map(record -> headers(record).get("ce_id"))
                        .distinct())
                .hasSize(2);
        send(image(mediaType + "-end", 1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType + "-end")).isEqualTo(1));
        assertThat(counted(mediaType)).isEqualTo(1);
    }

    @Test
    void refusesAnEventThatNoBrokerTakesInsteadOfHoldingUpTheOthers() {
        String run = runId();
        ImageRejected tooLong = new ImageRejected(run, "flowers", null, "urn:x", "x".repeat(1_000_000));

        assertThatThrownBy(() -> transactions.call(session -> outbox.append(session, tooLong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 1000000");
    }

    @Test
    void publishesThousandsOfEventsOfOneTransaction() {
        List<String> runs = IntStream.range(0, 5_000).mapToObj(i -> runId()).toList();

        transactions.call(session -> outbox.append(
                session, runs.stream().map(run -> progress(run, 1)).toList()));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(count("select count(*) from outbox")).isZero());

        Map<String, List<Long>> published = records(Topics.TRAININGS_PROGRESSED, record -> true).stream()
                .collect(groupingBy(ConsumerRecord::key, mapping(OutboxIT::done, toList())));
        assertThat(published).containsKeys(runs.toArray(String[]::new));
    }

    private static String runId() {
        return UUID.randomUUID().toString();
    }

    private static TrainingProgressed progress(String runId, long done) {
        return new TrainingProgressed(runId, TrainingProgressed.Phase.TRAINING, done, 2000);
    }

    /// The values in the order of their first publication: at least once, in order.
    private static List<Long> inFirstOrder(List<Long> published) {
        return published.stream().distinct().toList();
    }

    private List<Long> published(String runId) {
        return records(Topics.TRAININGS_PROGRESSED, record -> runId.equals(record.key())).stream()
                .map(OutboxIT::done)
                .toList();
    }

    private static long done(ConsumerRecord<String, byte[]> record) {
        return ((TrainingProgressed) RECORDS.read(record).event()).done();
    }

    private void execute(String sql) {
        pool.query(sql).execute().await().atMost(PATIENCE);
    }
}
