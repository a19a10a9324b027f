package dev.graft.predict.model;

import dev.graft.contracts.ModelPublished;
import dev.graft.events.Backoff;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Brings the shelf to what was published last, one version at a time.
///
/// A version that can never be served leaves the old one serving. After any other failure, of object storage or of this
/// process, the load is tried again with growing pauses, until a newer record of the model takes its place.
@Singleton
class ModelSwaps {
    private static final Logger LOG = Logger.getLogger(ModelSwaps.class);

    private final ModelLoader loader;
    private final ModelShelf shelf;
    private final MeterRegistry metrics;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("model-swaps").factory());
    private final Map<String, ModelPublished> wanted = new ConcurrentHashMap<>();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    ModelSwaps(ModelLoader loader, ModelShelf shelf, MeterRegistry metrics) {
        this.loader = loader;
        this.shelf = shelf;
        this.metrics = metrics;
    }

    /// Serves a version as soon as it is ready. The result completes when it is served, refused or out of date.
    CompletableFuture<Void> publish(ModelPublished published) {
        wanted.put(published.modelName(), published);
        CompletableFuture<Void> settled = new CompletableFuture<>();
        worker.execute(() -> bringIn(published, 1, settled));
        return settled;
    }

    /// Serves a model no longer. The result completes when that is so.
    CompletableFuture<Void> withdraw(String modelName) {
        wanted.remove(modelName);
        return CompletableFuture.runAsync(
                () -> {
                    if (!wanted.containsKey(modelName)) {
                        waiting.remove(modelName);
                        takeOffTheShelf(modelName);
                    }
                },
                worker);
    }

    /// It is off the shelf before its network is closed, so that a failure to close it leaves nothing to wait for.
    private void takeOffTheShelf(String modelName) {
        try {
            shelf.remove(modelName);
        } catch (RuntimeException | Error e) {
            LOG.warnf(e, "Model withdrawn and not closed model=%s", modelName);
        }
    }

    /// Names the models whose newest version could not be loaded yet.
    Set<String> waiting() {
        return Set.copyOf(waiting);
    }

    private void bringIn(ModelPublished published, int attempt, CompletableFuture<Void> settled) {
        String name = published.modelName();
        if (!published.equals(wanted.get(name))) {
            settled.complete(null);
            return;
        }
        try {
            swap(published);
        } catch (UnservableModelException e) {
            refuse(published, e);
        } catch (RuntimeException | Error e) {
            // An error, too: who waits for the model would wait for ever, with nothing to say why.
            waiting.add(name);
            LOG.warnf(
                    "Model waits model=%s modelVersion=%d attempt=%d reason=%s", name, published.version(), attempt, e);
            worker.schedule(
                    () -> bringIn(published, attempt + 1, settled),
                    Backoff.pauseMillis(attempt),
                    TimeUnit.MILLISECONDS);
            return;
        }
        waiting.remove(name);
        settled.complete(null);
    }

    private void swap(ModelPublished published) {
        if (shelf.isServing(published)) {
            return;
        }
        long startNanos = System.nanoTime();
        ServedModel model = loader.load(published);
        shelf.put(published, model);
        count("served");
        LOG.infof(
                "Model in production model=%s modelVersion=%d elapsedMillis=%d",
                model.name(), model.version(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
    }

    private void refuse(ModelPublished published, UnservableModelException reason) {
        count("refused");
        LOG.errorf(
                reason,
                "Model refused, the one before it stays model=%s modelVersion=%d",
                published.modelName(),
                published.version());
    }

    private void count(String outcome) {
        Counter.builder("graft.predict.model.loads")
                .description("Published versions that were loaded, by outcome: served, or refused for good")
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }

    @PreDestroy
    void stop() {
        worker.shutdownNow();
    }
}
