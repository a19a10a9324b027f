package dev.graft.events;

import dev.graft.contracts.Envelope;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/// Publishes records to any topic.
@ApplicationScoped
public class EventPublisher {
    private final EventRecords records = new EventRecords();
    private final MutinyEmitter<byte[]> emitter;

    // The callers bound what is in flight: the relay by its batch, consumers by waiting for each record.
    EventPublisher(
            @Channel("graft-events") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> emitter) {
        this.emitter = emitter;
    }

    /// Publishes an event on its topic; the result completes when the broker has it on enough disks.
    public Uni<Void> publish(Envelope<?> envelope) {
        return publish(records.write(envelope));
    }

    /// Publishes a record; the result completes when the broker has it on enough disks.
    public Uni<Void> publish(ProducerRecord<String, byte[]> record) {
        var metadata = OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(record.topic())
                .withKey(record.key())
                .withHeaders(record.headers());
        if (record.partition() != null) {
            metadata = metadata.withPartition(record.partition());
        }
        if (record.timestamp() != null) {
            metadata = metadata.withTimestamp(Instant.ofEpochMilli(record.timestamp()));
        }
        return emitter.sendMessage(Message.of(record.value(), Metadata.of(metadata.build())));
    }
}
