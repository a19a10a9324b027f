package dev.graft.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.AsyncApiDocument;
import dev.graft.contracts.Event;
import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.contracts.Split;
import dev.graft.events.EventRecords;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.testkit.TopicReader;
import dev.graft.trainer.dataset.DatasetVersion;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// What the services around this one do, and what their users see.
@Singleton
class Stage {
    static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final AsyncApiDocument DOCUMENT = AsyncApiDocument.load();
    private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

    final FeatureStub features;
    private final EventRecords records = new EventRecords();
    private final ObjectStore store;
    private final String bootstrapServers;

    Stage(ObjectStore store, @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers) {
        this.store = store;
        this.bootstrapServers = bootstrapServers;
        this.features = new FeatureStub(store, bootstrapServers);
    }

    @PreDestroy
    void end() throws InterruptedException {
        features.close();
    }

    /// Stores a dataset of drawn images, as if it were frozen, and gives its name.
    ///
    /// @param prefix  of the name; `held` holds its embeddings back, `refused` refuses them
    /// @param classes how many of the classes
    /// @param split   gives the split of the n-th image of a class
    String dataset(String prefix, int classes, int imagesOfClass, IntFunction<@Nullable Split> split) {
        String name = prefix + "-" + UUID.randomUUID();
        List<ManifestEntry> entries = new ArrayList<>();
        for (int label = 0; label < classes; label++) {
            for (int i = 0; i < imagesOfClass; i++) {
                byte[] file = DrawnImages.png(label, i);
                String imageId = Sha256.of(file);
                store.put(ObjectKeys.image(imageId), ObjectContent.of(file, "image/png"));
                entries.add(new ManifestEntry(imageId, DrawnImages.LABELS[label], split.apply(i)));
            }
        }
        entries.sort(Comparator.comparing(ManifestEntry::imageId));
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> lines.append(FeatureStub.json(entry)).append('\n'));
        byte[] manifest = lines.toString().getBytes(StandardCharsets.UTF_8);
        String key = "datasets/%s/1.jsonl".formatted(name);
        store.put(key, ObjectContent.of(manifest, "application/x-ndjson"));
        Map<String, Long> counts = new TreeMap<>();
        entries.forEach(entry -> counts.merge(entry.label(), 1L, Long::sum));
        IngestStub.freeze(new DatasetVersion(name, 1, key, Sha256.of(manifest), entries.size(), counts, Map.of()));
        return name;
    }

    /// Asks for a run with default settings.
    static String byDefault(String dataset) {
        return "{\"dataset\": \"%s\"}".formatted(dataset);
    }

    /// Begins a run and gives its id.
    String begin(String json) {
        return given().contentType(ContentType.JSON)
                .body(json)
                .post("/v1/training-runs")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    /// Waits until a run has ended and gives its view.
    JsonPath ended(String run) {
        await().atMost(PATIENCE).until(() -> FINAL.contains(view(run).getString("state")));
        return view(run);
    }

    JsonPath view(String run) {
        return given().get("/v1/training-runs/" + run)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    void write(String key, byte[] bytes) {
        store.put(key, ObjectContent.of(bytes, "application/octet-stream"));
    }

    void delete(String key) {
        store.delete(key);
    }

    boolean holds(String key) {
        return store.exists(key);
    }

    byte[] read(String key) {
        return store.read(key, 256 << 20);
    }

    /// Gives what was published on a topic, once it is `enough`; all of it is as the AsyncAPI document says.
    List<Event> consumed(String topic, Predicate<List<Event>> enough) {
        try (TopicReader reader = new TopicReader(bootstrapServers, topic)) {
            return decoded(reader.readUntil(records -> enough.test(decoded(records)), Duration.ofSeconds(30)));
        }
    }

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
}
