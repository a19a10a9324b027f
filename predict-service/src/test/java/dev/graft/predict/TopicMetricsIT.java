package dev.graft.predict;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.Topics;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class TopicMetricsIT {
    /// Kafka's binder of Micrometer registers the metrics of new partitions once a minute.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void countDeadLettersAndReportEachTopicUnderOneName() throws Exception {
        Events.send(new ProducerRecord<>(Topics.PREDICTIONS_REQUESTED, "no-request", new byte[] {1}));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/q/metrics").asString())
                        .containsPattern(lag(Topics.PREDICTIONS_REQUESTED))
                        .containsPattern(lag(Topics.MODELS_PUBLISHED))
                        .contains("graft_dead_letters_total{kind=\"unreadable\",topic=\"predictions.requested.v1\"}")
                        .doesNotContain("predictions_requested_v1", "models_published_v1"));
    }

    private static String lag(String topic) {
        return "(?m)^kafka_consumer_fetch_manager_records_lag\\{[^}]*topic=\"%s\"[^}]*} [0-9]".formatted(topic);
    }
}
