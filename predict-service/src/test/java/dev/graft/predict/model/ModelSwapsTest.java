package dev.graft.predict.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.ModelPublished;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectInfo;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.predict.PredictConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSwapsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ModelPublished PUBLISHED =
            new ModelPublished("flowers", 1, "models/flowers/1/", "0".repeat(64));

    @TempDir
    static Path folder;

    private final BreakingStore store = new BreakingStore();
    private final ScratchFolder scratch = new ScratchFolder(folder.resolve("graft-scratch-" + UUID.randomUUID()));
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ModelSwaps swaps = swaps();

    private ModelSwaps swaps() {
        PredictConfig config = new SmallRyeConfigBuilder()
                .withMapping(PredictConfig.class)
                .build()
                .getConfigMapping(PredictConfig.class);
        return new ModelSwaps(
                new ModelLoader(new Bundles(store, scratch, config), config), new ModelShelf(metrics), metrics);
    }

    @AfterEach
    void stop() throws IOException {
        swaps.stop();
        scratch.close();
    }

    /// Proves that a class that is missing for a moment leaves nobody waiting for ever: the third attempt is refused
    /// for want of a bundle, which settles it.
    @Test
    void triesAgainAfterAnError() {
        store.errors.set(2);

        assertThat(swaps.publish(PUBLISHED)).succeedsWithin(Duration.ofSeconds(30));
        assertThat(swaps.waiting()).isEmpty();
        assertThat(store.errors).hasNegativeValue();
    }

    /// Proves that readiness does not wait for a model that is served no longer.
    @Test
    void waitsForNoModelThatWasWithdrawn() {
        store.errors.set(Integer.MAX_VALUE);
        CompletableFuture<Void> settled = swaps.publish(PUBLISHED);
        await().atMost(PATIENCE).until(() -> swaps.waiting().contains("flowers"));

        assertThat(swaps.withdraw("flowers")).succeedsWithin(Duration.ofSeconds(30));

        assertThat(settled).succeedsWithin(Duration.ofSeconds(30));
        assertThat(swaps.waiting()).isEmpty();
    }

    /// Holds nothing, and cannot even say so for some calls.
    private static final class BreakingStore implements ObjectStore {
        private final AtomicInteger errors = new AtomicInteger();

        @Override
        public byte[] read(String key, int maxSizeBytes) {
            if (errors.getAndDecrement() > 0) {
                throw new NoClassDefFoundError("some/Missing");
            }
            throw new ObjectNotFoundException(key);
        }

        @Override
        public void put(String key, ObjectContent content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean putIfAbsent(String key, ObjectContent content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream open(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] readRange(String key, long offsetBytes, int lengthBytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ObjectInfo> head(String key) {
            return Optional.empty();
        }

        @Override
        public void delete(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void ping() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
