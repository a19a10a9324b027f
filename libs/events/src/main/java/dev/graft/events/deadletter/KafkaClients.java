package dev.graft.events.deadletter;

import dev.graft.events.BoundedBytesDeserializer;
import dev.graft.events.BrokerSettings;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Opens clients for a look at topics and for replays, without a consumer group. Every call of theirs ends within a
/// few seconds.
@Singleton
class KafkaClients {
    /// The largest record that is replayed. Larger ones are for Kafka's own tools.
    static final int MAX_REPLAY_BYTES = 64 << 20;

    private static final String CALL_MILLIS = "3000";
    private static final String DELIVERY_MILLIS = "10000";
    private static final int OVERHEAD_BYTES = 1 << 20;

    private final BrokerSettings broker;

    KafkaClients(BrokerSettings broker) {
        this.broker = broker;
    }

    /// Opens a consumer that keeps at most `maxValueBytes` of each value; the caller closes.
    KafkaConsumer<String, byte[]> consumer(int maxValueBytes) {
        Map<String, Object> settings = broker.of(ConsumerConfig.configNames());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_MILLIS);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, CALL_MILLIS);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new BoundedBytesDeserializer(maxValueBytes));
    }

    /// Opens a producer that takes records as large as may be replayed; compressed, as large ones were; the caller
    /// closes.
    KafkaProducer<String, byte[]> producer() {
        Map<String, Object> settings = broker.of(ProducerConfig.configNames());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REPLAY_BYTES + OVERHEAD_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) MAX_REPLAY_BYTES + 2 * OVERHEAD_BYTES);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, CALL_MILLIS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, CALL_MILLIS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }
}
