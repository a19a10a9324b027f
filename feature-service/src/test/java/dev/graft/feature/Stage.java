package dev.graft.feature;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.AsyncApiDocument;
import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingLocation;
import dev.graft.contracts.EmbeddingSegmentComputed;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.Event;
import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.contracts.Topics;
import dev.graft.events.EventRecords;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.TopicReader;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// What the services around this one do: store images, publish events, receive answers.
@Singleton
class Stage {
    private static final URI SOURCE = URI.create("/graft/test");
    private static final AsyncApiDocument DOCUMENT = AsyncApiDocument.load();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventRecords records = new EventRecords();
    private final ObjectStore store;
    private final String bootstrapServers;

    Stage(ObjectStore store, @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers) {
        this.store = store;
        this.bootstrapServers = bootstrapServers;
    }

    /// Stores an image and gives its id.
    String store(byte[] file) {
        String imageId = Photographs.imageId(file);
        store.put(ObjectKeys.image(imageId), ObjectContent.of(file, "image/jpeg"));
        return imageId;
    }

    /// Stores one file as the content of many images.
    void storeUnder(List<String> imageIds, byte[] file) throws InterruptedException {
        Semaphore together = new Semaphore(16);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String imageId : imageIds) {
                together.acquire();
                threads.execute(() -> {
                    try {
                        store.put(ObjectKeys.image(imageId), ObjectContent.of(file, "image/png"));
                    } finally {
                        together.release();
                    }
                });
            }
        }
    }

    /// Stores a manifest and gives its key.
    String manifest(List<String> imageIds) {
        StringBuilder lines = new StringBuilder();
        for (String imageId : imageIds) {
            try {
                lines.append(JSON.writeValueAsString(new ManifestEntry(imageId, "label", null)))
                        .append('\n');
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
        return manifestOf(lines.toString());
    }

    /// Stores some text as a manifest and gives its key.
    String manifestOf(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return object(ObjectKeys.manifest(Sha256.of(bytes)), bytes);
    }

    /// Stores an object and gives its key.
    String object(String key, byte[] content) {
        store.put(key, ObjectContent.of(content, "application/octet-stream"));
        return key;
    }

    /// Reads a job's index.
    List<EmbeddingLocation> index(String key) {
        String text = new String(store.read(key, 1 << 20), StandardCharsets.UTF_8);
        return text.lines()
                .map(line -> {
                    try {
                        return JSON.readValue(line, EmbeddingLocation.class);
                    } catch (JsonProcessingException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    void publishIngested(List<String> imageIds) {
        publish(imageIds.stream()
                .map(imageId -> Envelope.of(SOURCE, new ImageIngested(imageId, 1, "image/jpeg", 1, 1)))
                .toList());
    }

    void publish(Event event) {
        publish(List.of(Envelope.of(SOURCE, event)));
    }

    /// Sends events; the same envelope twice is a redelivery.
    void publish(List<? extends Envelope<?>> envelopes) {
        try (KafkaProducer<String, byte[]> producer = producer()) {
            for (Envelope<?> envelope : envelopes) {
                producer.send(records.write(envelope));
            }
        }
    }

    void publishNonsense(String topic) {
        try (KafkaProducer<String, byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, "key", "no event".getBytes(StandardCharsets.UTF_8)));
        }
    }

    static <E extends Event> Envelope<E> envelope(E event) {
        return Envelope.of(SOURCE, event);
    }

    /// Waits until a job has ended, and gives everything that was published about it.
    List<EmbeddingJobAdvanced> receiveJob(String jobId) {
        List<Event> events = receive(
                Topics.EMBEDDINGS_COMPUTED,
                received -> jobEvents(received, jobId).stream()
                        .anyMatch(event -> event.state() != EmbeddingJobAdvanced.State.RUNNING));
        return jobEvents(events, jobId);
    }

    /// Waits until something is published about a job for the first time.
    EmbeddingJobAdvanced receiveJobBegin(String jobId) {
        List<Event> events = receive(
                Topics.EMBEDDINGS_COMPUTED,
                received -> !jobEvents(received, jobId).isEmpty());
        return jobEvents(events, jobId).getFirst();
    }

    /// Gives every segment published so far.
    List<EmbeddingSegmentComputed> receivedSegments() {
        return receive(Topics.EMBEDDINGS_COMPUTED, events -> !events.isEmpty()).stream()
                .filter(EmbeddingSegmentComputed.class::isInstance)
                .map(EmbeddingSegmentComputed.class::cast)
                .toList();
    }

    List<ConsumerRecord<String, byte[]>> receiveRecords(
            String topic, Predicate<List<ConsumerRecord<String, byte[]>>> enough) {
        // Kafka's client looks for its own classes through the thread's loader, which may be another application's.
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        thread.setContextClassLoader(TopicReader.class.getClassLoader());
        try (TopicReader reader = new TopicReader(bootstrapServers, topic)) {
            return reader.readUntil(enough, PATIENCE);
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    private List<Event> receive(String topic, Predicate<List<Event>> enough) {
        return decoded(receiveRecords(topic, records -> enough.test(decoded(records))));
    }

    private static List<EmbeddingJobAdvanced> jobEvents(List<Event> events, String jobId) {
        return events.stream()
                .filter(EmbeddingJobAdvanced.class::isInstance)
                .map(EmbeddingJobAdvanced.class::cast)
                .filter(event -> event.jobId().equals(jobId))
                .toList();
    }

    /// All that is published is as the AsyncAPI document says.
    private List<Event> decoded(List<ConsumerRecord<String, byte[]>> records) {
        return records.stream()
                .map(record -> {
                    Map<String, String> headers = TopicReader.headers(record);
                    assertThat(DOCUMENT.violations(record.topic(), record.key(), headers, record.value()))
                            .isEmpty();
                    return (Event) this.records.read(record).event();
                })
                .toList();
    }

    private KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new ByteArraySerializer());
    }
}
