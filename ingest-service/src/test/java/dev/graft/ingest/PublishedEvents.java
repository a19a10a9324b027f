package dev.graft.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.AsyncApiDocument;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.Event;
import dev.graft.events.EventRecords;
import dev.graft.testkit.Backends;
import dev.graft.testkit.TopicReader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Reads what the service published, and checks each record against the AsyncAPI document.
public final class PublishedEvents {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AsyncApiDocument DOCUMENT = AsyncApiDocument.load();
    private static final EventRecords RECORDS = new EventRecords();

    private PublishedEvents() {}

    /// Waits for events on a topic that pass `filter`.
    ///
    /// @param count how many to wait for; more may come back when there are more
    public static <E extends Event> List<E> events(String topic, Class<E> kind, int count, Predicate<E> filter) {
        try (TopicReader reader = new TopicReader(Backends.shared().bootstrapServers(), topic)) {
            return filtered(
                    reader.readUntil(records -> filtered(records, kind, filter).size() >= count, PATIENCE),
                    kind,
                    filter);
        }
    }

    private static <E extends Event> List<E> filtered(
            List<ConsumerRecord<String, byte[]>> records, Class<E> kind, Predicate<E> filter) {
        return records.stream()
                .map(record -> decode(record).event())
                .map(kind::cast)
                .filter(filter)
                .toList();
    }

    private static Envelope<?> decode(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = TopicReader.headers(record);
        assertThat(DOCUMENT.violations(record.topic(), record.key(), headers, record.value()))
                .isEmpty();
        Envelope<?> envelope = RECORDS.read(record);
        assertThat(envelope.source()).isEqualTo(URI.create("/graft/ingest-service"));
        return envelope;
    }
}
