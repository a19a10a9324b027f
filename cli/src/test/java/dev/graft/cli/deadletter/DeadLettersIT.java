package dev.graft.cli.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.GraftProgram;
import dev.graft.cli.GraftProgram.Outcome;
import dev.graft.cli.SharedStack;
import dev.graft.contracts.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Looks at dead letters of services with and without a database.
@ExtendWith(SharedStack.class)
class DeadLettersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BROKER_PORT_OFFSET = 5;

    private static GraftProgram graft;

    private final String key = UUID.randomUUID().toString();

    @BeforeAll
    static void start(GraftProgram shared) {
        graft = shared;
        assertThat(graft.run("up", "--detach").status()).isZero();
    }

    @Test
    void listsShowsAndReplaysThoseOfEveryService() throws Exception {
        send(Topics.PREDICTIONS_REQUESTED, "none", "nonsense".getBytes());
        send(Topics.IMAGES_INGESTED, "none", "nonsense".getBytes());
        send(Topics.PREDICTIONS_REQUESTED, "gzip", new byte[20 << 20]);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mine()).hasSize(3));
        assertThat(mine().stream().map(letter -> letter.path("service").asText()))
                .containsExactlyInAnyOrder("predict", "predict", "feature");
        assertThat(graft.run("dead-letters", "list").output()).contains("unreadable");

        JsonNode letter = mine().stream()
                .filter(found -> found.path("topic").asText().equals(Topics.IMAGES_INGESTED))
                .findFirst()
                .orElseThrow();
        String id = letter.path("id").asText();
        JsonNode shown = graft.run("dead-letters", "show", id, "--json").json();
        assertThat(shown.path("body").asText()).isEqualTo("nonsense");
        assertThat(shown.path("reason").asText()).contains("ce_specversion");

        JsonNode replayed = graft.run("dead-letters", "replay", id, "--json").json();
        assertThat(replayed.path(0).path("replayedAt").asText()).isNotEmpty();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mine()).hasSize(4));
    }

    @Test
    void saysThatThereIsNoneOfAnUnknownId() {
        Outcome outcome = graft.run("dead-letters", "show", "images.ingested.v1-0-999999");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errors()).contains("There is no dead letter").contains("./graft dead-letters list");
        assertThat(graft.run("dead-letters").status()).isEqualTo(2);
        assertThat(graft.run("dead-letters", "list", "--limit", "0").status()).isEqualTo(2);
    }

    private List<JsonNode> mine() {
        List<JsonNode> letters = new ArrayList<>();
        graft.run("dead-letters", "list", "--json").json().forEach(letter -> {
            if (letter.path("key").asText().equals(key)) {
                letters.add(letter);
            }
        });
        return letters;
    }

    private void send(String topic, String compression, byte[] body) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        "127.0.0.1:" + (graft.portBase() + BROKER_PORT_OFFSET),
                        "compression.type",
                        compression,
                        "max.request.size",
                        64 << 20,
                        "buffer.memory",
                        64L << 20),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key, body)).get();
        }
    }
}
