package dev.graft.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.ImageIngested;
import dev.graft.events.EventRecords;
import io.restassured.RestAssured;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// What tests of publishing and consuming share: the backends, and a look at rows and records.
abstract class MessagingSetting {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    static final EventRecords RECORDS = new EventRecords();

    @Inject
    Transactions transactions;

    @Inject
    Pool pool;

    MessagingBackends.SwitchableBroker broker;

    static void readiness(String status) {
        assertThat(RestAssured.get("/q/health/ready").jsonPath().getString("status"))
                .isEqualTo(status);
    }

    static Envelope<?> image(String mediaType, int widthPixels) {
        String imageId = UUID.randomUUID().toString().replace("-", "").repeat(2);
        return Envelope.of(
                URI.create("/graft/messaging-test"), new ImageIngested(imageId, 1, mediaType, widthPixels, 1));
    }

    long counted(String mediaType) {
        return count("select coalesce(max(count), 0) from spoon where name = '" + mediaType + "'");
    }

    long count(String query) {
        return pool.query(query)
                .execute()
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }

    List<ConsumerRecord<String, byte[]>> records(String topic, Predicate<ConsumerRecord<String, byte[]>> wanted) {
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

    static ProducerRecord<String, byte[]> record(Envelope<?> envelope) {
        return RECORDS.write(envelope);
    }

    void send(Envelope<?>... envelopes) throws Exception {
        for (Envelope<?> envelope : envelopes) {
            send(record(envelope));
        }
    }

    @SafeVarargs
    final void send(ProducerRecord<String, byte[]>... records) throws Exception {
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

    static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}
