package dev.graft.events.deadletter;

import dev.graft.contracts.Topics;
import dev.graft.events.EventPublisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jboss.logging.Logger;

/// Puts records on the dead-letter topic of their topic, cut to what fits it.
@ApplicationScoped
public class DeadLetters {
    private static final Logger LOG = Logger.getLogger(DeadLetters.class);
    private static final int MAX_CAUSES = 20;

    private final EventPublisher publisher;
    private final MeterRegistry metrics;

    DeadLetters(EventPublisher publisher, MeterRegistry metrics) {
        this.publisher = publisher;
        this.metrics = metrics;
    }

    /// Puts a record there that can never be read or handled; the result completes when the broker has it.
    public Uni<Void> unreadable(String consumer, ConsumerRecord<String, byte[]> record, String reason) {
        return put(DeadLetterKind.UNREADABLE, consumer, record, reason, 1);
    }

    /// Puts an event there whose handling failed `attempts` times; the result completes when the broker has it.
    public Uni<Void> park(String consumer, ConsumerRecord<String, byte[]> record, String reason, int attempts) {
        return put(DeadLetterKind.PARKED, consumer, record, reason, attempts);
    }

    private Uni<Void> put(
            DeadLetterKind kind, String consumer, ConsumerRecord<String, byte[]> record, String reason, int attempts) {
        LOG.errorf(
                "Dead letter kind=%s consumer=%s topic=%s partition=%d offset=%d reason=%s",
                kind.wireName(), consumer, record.topic(), record.partition(), record.offset(), reason);
        Uni<Void> publication = publish(kind, consumer, record, reason, attempts, DeadLetterCopy.Bounds.WHOLE);
        for (DeadLetterCopy.Bounds smaller :
                new DeadLetterCopy.Bounds[] {DeadLetterCopy.Bounds.SHORT, DeadLetterCopy.Bounds.BARE}) {
            publication = publication
                    .onFailure(DeadLetters::isTooLarge)
                    .recoverWithUni(() -> publish(kind, consumer, record, reason, attempts, smaller));
        }
        return publication.invoke(() -> counted(kind, record.topic()).increment());
    }

    private Uni<Void> publish(
            DeadLetterKind kind,
            String consumer,
            ConsumerRecord<String, byte[]> record,
            String reason,
            int attempts,
            DeadLetterCopy.Bounds bounds) {
        DeadLetterCopy copy = DeadLetterCopy.of(record, bounds);
        ProducerRecord<String, byte[]> letter = new ProducerRecord<>(
                Topics.deadLetterOf(record.topic()), null, copy.key(), copy.body(), copy.headers());
        DeadLetterHeaders.put(letter.headers(), DeadLetterHeaders.KIND, kind.wireName());
        DeadLetterHeaders.put(letter.headers(), DeadLetterHeaders.REASON, reason);
        DeadLetterHeaders.put(letter.headers(), DeadLetterHeaders.ATTEMPTS, Integer.toString(attempts));
        DeadLetterHeaders.put(letter.headers(), DeadLetterHeaders.CONSUMER, consumer);
        DeadLetterHeaders.put(letter.headers(), DeadLetterHeaders.TOPIC, record.topic());
        DeadLetterHeaders.put(letter.headers(), DeadLetterHeaders.PARTITION, Integer.toString(record.partition()));
        DeadLetterHeaders.put(letter.headers(), DeadLetterHeaders.OFFSET, Long.toString(record.offset()));
        DeadLetterHeaders.put(
                letter.headers(),
                DeadLetterHeaders.SIZE_BYTES,
                Integer.toString(Math.max(0, record.serializedValueSize())));
        if (copy.cut()) {
            DeadLetterHeaders.put(letter.headers(), DeadLetterHeaders.CUT, "true");
        }
        return publisher.publish(letter);
    }

    private static boolean isTooLarge(Throwable fault) {
        Throwable cause = fault;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException) {
                return true;
            }
        }
        return false;
    }

    private Counter counted(DeadLetterKind kind, String topic) {
        return Counter.builder("graft.dead.letters")
                .description("Records that became dead letters, by topic and kind: unreadable, or parked after several"
                        + " attempts")
                .tag("topic", topic)
                .tag("kind", kind.wireName())
                .register(metrics);
    }
}
