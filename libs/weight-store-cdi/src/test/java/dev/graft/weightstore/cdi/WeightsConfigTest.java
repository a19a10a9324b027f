package dev.graft.weightstore.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.ObjectStore;
import dev.graft.weightstore.WeightStore;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsConfigTest {
    @Test
    void keepsWeightsAmongTemporaryFilesUnlessItIsToldOtherwise() {
        assertThat(read(Map.of("java.io.tmpdir", "/scratch")).cacheDirectory())
                .isEqualTo(Path.of("/scratch/graft-weights"));
        assertThat(read(Map.of("graft.weights.cache-directory", "/kept")).cacheDirectory())
                .isEqualTo(Path.of("/kept"));
    }

    @Test
    void opensTheStoreOverTheFolder(@TempDir Path folder) throws IOException {
        WeightsConfig config = read(Map.of("graft.weights.cache-directory", folder.toString()));
        try (ObjectStore objects = new InMemoryObjectStore()) {
            WeightStore store = new WeightStoreProducer().open(objects, config);
            store.open(store.defaultBackbone(), store.sha256(store.defaultBackbone()))
                    .close();
        }
        assertThat(folder).isNotEmptyDirectory();
    }

    private static WeightsConfig read(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(WeightsConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 0))
                .addDefaultInterceptors()
                .build()
                .getConfigMapping(WeightsConfig.class);
    }
}
