package dev.graft.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.EmbeddingJobAdvanced;
import dev.graft.contracts.EmbeddingJobAdvanced.State;
import dev.graft.contracts.EmbeddingLocation;
import dev.graft.contracts.EmbeddingsRequested;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.Event;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Topics;
import dev.graft.events.EventRecords;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.weightstore.WeightStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;

/// Answers as the feature service does: consumes requests, embeds, writes segments and an index, publishes.
/// What it cannot do because a backend is away it tries again. Manifests may be held back, or refused.
final class FeatureStub implements AutoCloseable {
    private static final URI SOURCE = URI.create("/graft/test-feature-service");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = Logger.getLogger(FeatureStub.class);

    private final EventRecords records = new EventRecords();
    private final Backbone backbone = new Backbone();
    /// Open for ever, whatever becomes of their weights in object storage.
    private final Map<ExtractorChoice, Backbone> backbones = new ConcurrentHashMap<>();
    private final Map<String, EmbeddingsRequested> held = new ConcurrentHashMap<>();
    /// Belongs to the thread.
    private final List<EmbeddingsRequested> waiting = new ArrayList<>();
    /// Computed once, as the feature service does.
    private final Map<Key, float[]> vectors = new ConcurrentHashMap<>();
    private final WeightStore weights;

    private final ObjectStore store;
    private final String bootstrapServers;
    private final Thread thread;
    private volatile boolean stopping;

    private record Key(String extractor, String imageId) {}

    FeatureStub(ObjectStore store, String bootstrapServers) {
        this.store = store;
        this.weights = new WeightStore(store, Path.of("target", "weights"));
        this.bootstrapServers = bootstrapServers;
        this.thread = Thread.ofPlatform().name("feature-stub").daemon().start(this::run);
    }

    /// Gives the default backbone.
    Backbone backbone() {
        return backbone;
    }

    private Backbone backbone(ExtractorChoice choice) {
        return backbones.computeIfAbsent(choice, chosen -> new Backbone(weights, chosen));
    }

    /// Says whether the request of a job came and waits.
    boolean holds(String jobId) {
        return held.containsKey(jobId);
    }

    void letGo(String jobId) {
        answer(held.remove(jobId));
    }

    void publish(Event event) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "max.block.ms", 5_000,
                "request.timeout.ms", 5_000,
                "delivery.timeout.ms", 10_000);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(records.write(Envelope.of(SOURCE, event))).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void run() {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "group.id", "feature-stub",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.EMBEDDINGS_REQUESTED));
            while (!stopping) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    EmbeddingsRequested request = request(record);
                    if (request.manifestKey().contains("held")) {
                        held.put(request.jobId(), request);
                    } else {
                        waiting.add(request);
                    }
                });
                waiting.removeIf(this::answered);
            }
        }
    }

    private boolean answered(EmbeddingsRequested request) {
        try {
            answer(request);
            return true;
        } catch (RuntimeException away) {
            LOG.infof("Request waits jobId=%s reason=%s", request.jobId(), away);
            return false;
        }
    }

    private void answer(EmbeddingsRequested request) {
        if (request.manifestKey().contains("refused")) {
            publish(new EmbeddingJobAdvanced(
                    request.jobId(), State.FAILED, 0, 0, 0, 0, null, null, "The backbone is on strike."));
            return;
        }
        List<ManifestEntry> images = manifest(request.manifestKey());
        long total = images.size();
        publish(new EmbeddingJobAdvanced(request.jobId(), State.RUNNING, total, 0, total / 2, 0, null, null, null));
        Backbone chosen = backbone(request.extractor());
        String extractor = chosen.extractor.identity().digest();
        String index = write(request.jobId(), chosen, images);
        publish(new EmbeddingJobAdvanced(request.jobId(), State.COMPLETED, total, 0, total, 0, extractor, index, null));
    }

    private String write(String jobId, Backbone chosen, List<ManifestEntry> images) {
        String extractor = chosen.extractor.identity().digest();
        List<ManifestEntry> missing = images.stream()
                .filter(image -> !vectors.containsKey(new Key(extractor, image.imageId())))
                .toList();
        float[][] computed = chosen.embed(missing.stream()
                .map(image -> store.read(ObjectKeys.image(image.imageId()), 1 << 20))
                .toList());
        for (int i = 0; i < computed.length; i++) {
            vectors.put(new Key(extractor, missing.get(i).imageId()), computed[i]);
        }
        float[][] rows = images.stream()
                .map(image -> vectors.get(new Key(extractor, image.imageId())))
                .toArray(float[][]::new);
        StringBuilder lines = new StringBuilder();
        int half = rows.length / 2;
        List<List<Integer>> segments = List.of(range(0, half), range(half, rows.length));
        for (int segment = 0; segment < segments.size(); segment++) {
            String key = ObjectKeys.segment(extractor, jobId + "-" + segment);
            List<Integer> members = segments.get(segment);
            float[] values = new float[members.size() * chosen.dimension()];
            List<String> imageIds = new ArrayList<>();
            for (int row = 0; row < members.size(); row++) {
                String imageId = images.get(members.get(row)).imageId();
                imageIds.add(imageId);
                System.arraycopy(rows[members.get(row)], 0, values, row * chosen.dimension(), chosen.dimension());
                lines.append(json(new EmbeddingLocation(imageId, key, row))).append('\n');
            }
            byte[] bytes = SafetensorsWriter.toBytes(
                    Map.of("imageIds", String.join(",", imageIds)),
                    Map.of("embeddings", FloatTensor.of(Shape.of(members.size(), chosen.dimension()), values)));
            store.put(key, ObjectContent.of(bytes, "application/octet-stream"));
        }
        String indexKey = ObjectKeys.embeddingIndex(jobId);
        store.put(
                indexKey, ObjectContent.of(lines.toString().getBytes(StandardCharsets.UTF_8), "application/x-ndjson"));
        return indexKey;
    }

    private static List<Integer> range(int from, int to) {
        List<Integer> range = new ArrayList<>();
        for (int i = from; i < to; i++) {
            range.add(i);
        }
        return range;
    }

    private List<ManifestEntry> manifest(String key) {
        try (var lines = JSON.readerFor(ManifestEntry.class).<ManifestEntry>readValues(store.read(key, 1 << 20))) {
            return lines.readAll();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private EmbeddingsRequested request(ConsumerRecord<String, byte[]> record) {
        return (EmbeddingsRequested) records.read(record).event();
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join();
        backbone.close();
        backbones.values().forEach(Backbone::close);
    }
}
