package dev.graft.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Topics;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class BackendsIT {
    private final Backends backends = Backends.shared();

    @Test
    void startOnceForAllTestsOfAJvm() {
        assertThat(Backends.shared()).isSameAs(backends);
        assertThat(new GraftBackends().start()).isEqualTo(backends.configuration());
    }

    @Test
    void haveEveryTopicAndItsDeadLetters() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", backends.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get()).containsAll(Topics.ALL);
            for (String topic : Topics.ALL) {
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
                var settings = admin.describeConfigs(List.of(resource)).all().get();
                assertThat(settings.get(resource).get("cleanup.policy").value())
                        .as(topic)
                        .isEqualTo(Topics.isCompacted(topic) ? "compact" : "delete");
                assertThat(admin.listTopics().names().get()).contains(Topics.deadLetterOf(topic));
            }
        }
    }

    @Test
    void takeAndGiveRecords() {
        String topic = Topics.ALL.getFirst();
        byte[] value = "value".getBytes(UTF_8);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", backends.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", value));
        }
        try (TopicReader reader = new TopicReader(backends.bootstrapServers(), topic)) {
            var records = reader.readUntil(seen -> !seen.isEmpty(), Duration.ofSeconds(30));

            assertThat(records).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("key");
                assertThat(record.value()).isEqualTo(value);
            });
        }
    }

    @Test
    void openTheDatabaseToTheConfiguredUser() throws Exception {
        Map<String, String> configuration = backends.configuration();
        try (var connection = DriverManager.getConnection(
                        configuration.get("quarkus.datasource.jdbc.url"),
                        configuration.get("quarkus.datasource.username"),
                        configuration.get("quarkus.datasource.password"));
                var rows = connection.createStatement().executeQuery("select current_database()")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("graft");
        }
    }
}
