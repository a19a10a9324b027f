package dev.graft.events.deadletter;

import dev.graft.contracts.Topics;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Publishes dead letters once more on their topics.
///
/// The record is published first and noted as replayed afterwards: a process that dies between leaves a dead letter
/// that can be replayed again, which consumers pass over.
@Singleton
class DeadLetterReplays {
    private final KafkaClients clients;
    private final DeadLetterLog log;
    private final MeterRegistry metrics;

    DeadLetterReplays(KafkaClients clients, DeadLetterLog log, MeterRegistry metrics) {
        this.clients = clients;
        this.log = log;
        this.metrics = metrics;
    }

    /// Replays a dead letter. When this returns, the broker has the record and the note.
    ///
    /// @throws ProblemException when its copy was cut and the original is gone or too large
    void replay(DeadLetterId id, ConsumerRecord<String, byte[]> letter) {
        ConsumerRecord<String, byte[]> record = isCut(letter) ? original(letter) : letter;
        Headers headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!header.key().startsWith(DeadLetterHeaders.PREFIX)) {
                headers.add(header);
            }
        }
        DeadLetterHeaders.put(headers, DeadLetterHeaders.REPLAY_OF, id.toString());
        try (KafkaProducer<String, byte[]> producer = clients.producer()) {
            send(producer, new ProducerRecord<>(id.topic(), null, record.key(), record.value(), headers));
            send(producer, note(id, letter));
        }
        Counter.builder("graft.dead.letters.replayed")
                .description("Dead letters that were published once more, by topic")
                .tag("topic", id.topic())
                .register(metrics)
                .increment();
    }

    private static ProducerRecord<String, byte[]> note(DeadLetterId id, ConsumerRecord<String, byte[]> letter) {
        Headers headers = new RecordHeaders();
        for (Header header : letter.headers()) {
            if (header.key().startsWith(DeadLetterHeaders.PREFIX)) {
                headers.add(header);
            }
        }
        DeadLetterHeaders.put(headers, DeadLetterHeaders.REPLAYED, Long.toString(id.offset()));
        return new ProducerRecord<>(
                Topics.deadLetterOf(id.topic()), id.partition(), letter.key(), new byte[0], headers);
    }

    private static boolean isCut(ConsumerRecord<String, byte[]> letter) {
        return DeadLetterHeaders.text(letter.headers(), DeadLetterHeaders.CUT) != null;
    }

    private ConsumerRecord<String, byte[]> original(ConsumerRecord<String, byte[]> letter) {
        Headers headers = letter.headers();
        String topic = DeadLetterHeaders.text(headers, DeadLetterHeaders.TOPIC);
        long sizeBytes = DeadLetterHeaders.number(headers, DeadLetterHeaders.SIZE_BYTES, -1);
        TopicPartition place = new TopicPartition(
                String.valueOf(topic), (int) DeadLetterHeaders.number(headers, DeadLetterHeaders.PARTITION, -1));
        long offset = DeadLetterHeaders.number(headers, DeadLetterHeaders.OFFSET, -1);
        if (sizeBytes > KafkaClients.MAX_REPLAY_BYTES) {
            throw new ProblemException(
                    ProblemType.DEAD_LETTER_NOT_REPLAYABLE,
                    "The record has %d bytes, at most %d can be replayed; copy it with Kafka's own tools from offset %d of %s."
                            .formatted(sizeBytes, KafkaClients.MAX_REPLAY_BYTES, offset, place));
        }
        return log.original(place, offset)
                .filter(record -> Math.max(0, record.serializedValueSize()) == sizeBytes)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.DEAD_LETTER_NOT_REPLAYABLE,
                        "The copy is incomplete, and the original at offset %d of %s is gone."
                                .formatted(offset, place)));
    }

    private static void send(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                throw new ProblemException(
                        ProblemType.DEAD_LETTER_NOT_REPLAYABLE,
                        "The topic %s takes no record of this size.".formatted(record.topic()),
                        e);
            }
            throw e.getCause() instanceof KafkaException fault ? fault : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }
}
