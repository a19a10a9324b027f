package dev.graft.predict;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.Event;
import dev.graft.events.EventRecords;
import dev.graft.testkit.Backends;
import java.net.URI;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Publishes events as another service would.
final class Events {
    private static final EventRecords RECORDS = new EventRecords();

    /// A little more than the 64 MiB that the manual allows.
    private static final int MAX_RECORD_BYTES = 65 << 20;

    private Events() {}

    static Envelope<?> publish(Event event) throws Exception {
        Envelope<?> envelope = Envelope.of(URI.create("/graft/predict-test"), event);
        publish(envelope);
        return envelope;
    }

    static void publish(Envelope<?> envelope) throws Exception {
        send(RECORDS.write(envelope));
    }

    static void send(ProducerRecord<String, byte[]> record) throws Exception {
        send(record, "none");
    }

    /// Makes a record in structured mode.
    static ProducerRecord<String, byte[]> structured(String topic, String key, String event) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, event.getBytes(UTF_8));
        record.headers().add("content-type", "application/cloudevents+json; charset=UTF-8".getBytes(UTF_8));
        return record;
    }

    /// Sends a record of any size; one that compresses well fits a topic although it is large.
    static void send(ProducerRecord<String, byte[]> record, String compression) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        Backends.shared().bootstrapServers(),
                        "compression.type",
                        compression,
                        "max.request.size",
                        MAX_RECORD_BYTES,
                        "buffer.memory",
                        (long) MAX_RECORD_BYTES),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }
}
