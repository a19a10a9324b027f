package dev.graft.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import dev.graft.contracts.EmbeddingSegmentComputed;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.Event;
import dev.graft.contracts.Topics;
import dev.graft.contracts.TraceContext;
import dev.graft.contracts.TrainingProgressed;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(MessagingBackends.class)
class TraceIT extends MessagingSetting {
    private final TraceContext trace =
            new TraceContext("00-" + UUID.randomUUID().toString().replace("-", "") + "-00f067aa0ba902b7-01", "a=b");
    private final String run = UUID.randomUUID().toString();

    @Inject
    Outbox outbox;

    @Test
    void eventsOfARequestAndOfTheWorkBehindItBelongToItsTrace() {
        RestAssured.given()
                .header("traceparent", trace.traceParent())
                .header("tracestate", "a=b")
                .post("/spoons/{run}", run)
                .then()
                .statusCode(204);
        append(new TrainingProgressed(run, TrainingProgressed.Phase.TRAINING, 1, 2));
        RestAssured.post("/spoons/{run}", run + "-other").then().statusCode(204);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(traces(Topics.TRAININGS_PROGRESSED, run)).containsExactly(trace, trace));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                records(Topics.TRAININGS_PROGRESSED, record -> (run + "-other").equals(record.key())))
                        .singleElement()
                        .satisfies(record -> assertThat(headers(record)).doesNotContainKey("ce_traceparent")));
    }

    @Test
    void whatComesOfAConsumedEventBelongsToItsTrace() throws Exception {
        String mediaType = "image/" + run;
        Envelope<?> image = image(mediaType, 10);
        send(new Envelope<>(image.id(), image.source(), image.time(), image.event(), trace), image(mediaType, 10));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted(mediaType)).isEqualTo(2));

        append(new EmbeddingSegmentComputed(
                run,
                "0".repeat(64),
                "backbone",
                "pooled",
                "key",
                8,
                List.of("f".repeat(64), image.event().partitionKey())));

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(traces(Topics.EMBEDDINGS_COMPUTED, run)).containsExactly(trace));
    }

    @Test
    void measuresTheOutboxWithHelpTexts() {
        RestAssured.get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("# HELP graft_outbox_backlog_events Events that are committed"))
                .body(containsString("# HELP graft_outbox_age_seconds How long the oldest event has waited"));
    }

    private void append(Event event) {
        transactions.call(session -> outbox.append(session, event));
    }

    private List<TraceContext> traces(String topic, String key) {
        return records(topic, record -> key.equals(record.key())).stream()
                .map(record -> RECORDS.read(record).trace())
                .toList();
    }
}
