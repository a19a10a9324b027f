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
    private final Map<String, ServedModel> models = new ConcurrentHashMap<>();
    private final MultiGauge versions;

    ModelShelf(MeterRegistry metrics) {
        versions = MultiGauge.builder("graft.predict.model.version")
                .description("The version of each model that is served")
                .register(metrics);
    }

    /// Lends the served version of a model; whoever gets it closes it. Empty when none is served.
    public Optional<ServedModel> lend(String modelName) {
        for (ServedModel model = models.get(modelName); model != null; model = models.get(modelName)) {
            if (model.tryHold()) {
                return Optional.of(model);
            }
        }
        return Optional.empty();
    }

    /// Names what is served, by model name.
    public List<ModelView> served() {
        return models.values().stream()
                .map(ModelView::of)
                .sorted(Comparator.comparing(ModelView::model))
                .toList();
    }

    /// Tells whether this very version is served.
    boolean isServing(ModelPublished published) {
        ServedModel model = models.get(published.modelName());
        return model != null && model.published().equals(published);
    }

    /// Serves a version from now on; takes over the caller's hold on it, and gives up the one on the version before.
    void put(ServedModel model) {
        ServedModel before = models.put(model.name(), model);
        if (before != null) {
            before.close();
        }
        report();
    }

    /// Serves a model no longer.
    void remove(String modelName) {
        ServedModel before = models.remove(modelName);
        if (before != null) {
            before.close();
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
                        .<MultiGauge.Row<?>>map(
                                model -> MultiGauge.Row.of(Tags.of("model", model.name()), model.version()))
                        .toList(),
                true);
    }
}
