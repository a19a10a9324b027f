package dev.graft.messaging;

import dev.graft.contracts.Topics;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jboss.logging.Logger;

/// Puts records that can never be handled on the dead-letter topic, unchanged, with the reason and where they came
/// from as headers (the names are those of SmallRye's own dead letters).
///
/// The headers make a record larger. One that is too large with them is told without its key, headers and body: where
/// it lies is enough to find it.
@ApplicationScoped
class DeadLetters {
    static final String REASON = "dead-letter-reason";
    static final String CONSUMER = "dead-letter-consumer";
    static final String TOPIC = "dead-letter-topic";
    static final String PARTITION = "dead-letter-partition";
    static final String OFFSET = "dead-letter-offset";

    private static final Logger LOG = Logger.getLogger(DeadLetters.class);
    private static final byte[] NOTHING = {};

    private final EventSender sender;

    DeadLetters(EventSender sender) {
        this.sender = sender;
    }

    /// Sends a copy of the record; the result completes when the broker has it.
    Uni<Void> bury(String consumer, ConsumerRecord<String, byte[]> record, String reason) {
        LOG.errorf(
                "Record buried consumer=%s topic=%s partition=%d offset=%d reason=%s",
                consumer, record.topic(), record.partition(), record.offset(), reason);
        String topic = Topics.deadLetterOf(record.topic());
        Headers headers = new RecordHeaders(record.headers().toArray());
        putOrigin(headers, consumer, record, reason);
        byte[] body = record.value() == null ? NOTHING : record.value();
        return sender.send(topic, record.key(), headers, body)
                .onFailure(DeadLetters::isTooLarge)
                .recoverWithUni(() -> {
                    Headers origin = new RecordHeaders();
                    putOrigin(origin, consumer, record, reason + " (too large for this topic: read it where it lies)");
                    return sender.send(topic, null, origin, NOTHING);
                });
    }

    private static boolean isTooLarge(Throwable fault) {
        return fault instanceof RecordTooLargeException
                || fault.getCause() != null && fault.getCause() != fault && isTooLarge(fault.getCause());
    }

    private static void putOrigin(
            Headers headers, String consumer, ConsumerRecord<String, byte[]> record, String reason) {
        put(headers, REASON, reason);
        put(headers, CONSUMER, consumer);
        put(headers, TOPIC, record.topic());
        put(headers, PARTITION, Integer.toString(record.partition()));
        put(headers, OFFSET, Long.toString(record.offset()));
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
