package dev.graft.predict;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.Event;
import dev.graft.contracts.EventCodec;
import dev.graft.testkit.Backends;
import java.net.URI;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Tells events as another service would.
final class Events {
    private static final EventCodec CODEC = new EventCodec();

    private Events() {}

    static Envelope<?> tell(Event event) throws Exception {
        Envelope<?> envelope = Envelope.of(URI.create("/graft/predict-test"), event);
        tell(envelope);
        return envelope;
    }

    static void tell(Envelope<?> envelope) throws Exception {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                envelope.type().topic(), envelope.event().partitionKey(), CODEC.encode(envelope.event()));
        envelope.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        send(record);
    }

    static void send(ProducerRecord<String, byte[]> record) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Backends.shared().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }
}
