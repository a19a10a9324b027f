package dev.graft.predict.model;

import dev.graft.contracts.ModelPublished;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Holds the version of each model that is served now.
@Singleton
public class ModelShelf {
    private final Map<String, Shelved> models = new ConcurrentHashMap<>();
    private final MultiGauge versions;

    /// @param published the record that put the model into production
    private record Shelved(ModelPublished published, ServedModel model) {}

    ModelShelf(MeterRegistry metrics) {
        versions = MultiGauge.builder("graft.predict.model.version")
                .description("The version of each model that is served")
                .register(metrics);
    }

    /// Lends the served version of a model, which the caller closes. Empty when none is served.
    public Optional<ServedModel> lend(String modelName) {
        for (Shelved found = models.get(modelName); found != null; found = models.get(modelName)) {
            if (found.model().tryHold()) {
                return Optional.of(found.model());
            }
        }
        return Optional.empty();
    }

    /// Names what is served, by model name.
    public List<ModelView> served() {
        return models.values().stream()
                .map(Shelved::model)
                .map(ModelView::of)
                .sorted(Comparator.comparing(ModelView::model))
                .toList();
    }

    /// Says whether this very version is served.
    boolean isServing(ModelPublished published) {
        Shelved found = models.get(published.modelName());
        return found != null && found.published().equals(published);
    }

    /// Serves a version from now on; takes over the caller's hold on it, and gives up the one on the version
    /// before.
    void put(ModelPublished published, ServedModel model) {
        Shelved before = models.put(model.name(), new Shelved(published, model));
        if (before != null) {
            before.model().close();
        }
        report();
    }

    /// Serves a model no longer.
    void remove(String modelName) {
        Shelved before = models.remove(modelName);
        if (before != null) {
            before.model().close();
        }
        report();
    }

    @PreDestroy
    void clear() {
        List.copyOf(models.keySet()).forEach(this::remove);
    }

    private void report() {
        versions.register(
                models.values().stream()
                        .map(Shelved::model)
                        .<MultiGauge.Row<?>>map(
                                model -> MultiGauge.Row.of(Tags.of("model", model.name()), model.version()))
                        .toList(),
                true);
    }
}
