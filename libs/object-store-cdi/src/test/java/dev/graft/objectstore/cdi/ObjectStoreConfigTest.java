package dev.graft.objectstore.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectStoreConfigTest {
    private static final Map<String, String> NEEDED = Map.of(
            "graft.object-store.endpoint", "http://127.0.0.1:9000",
            "graft.object-store.access-key", "who",
            "graft.object-store.secret-key", "proof");

    @Test
    void needsEndpointAndKeysAlone() {
        ObjectStoreConfig config = read(NEEDED);

        assertThat(config.endpoint()).isEqualTo(URI.create("http://127.0.0.1:9000"));
        assertThat(config.bucket()).isEqualTo("graft");
        assertThat(config.region()).isEqualTo("us-east-1");
    }

    @Test
    void refusesSettingsWithoutAKey() {
        Map<String, String> settings = new HashMap<>(NEEDED);
        settings.remove("graft.object-store.secret-key");

        assertThatThrownBy(() -> read(settings)).hasMessageContaining("graft.object-store.secret-key");
    }

    private static ObjectStoreConfig read(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(ObjectStoreConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 0))
                .build()
                .getConfigMapping(ObjectStoreConfig.class);
    }
}
