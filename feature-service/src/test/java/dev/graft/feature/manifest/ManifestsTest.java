package dev.graft.feature.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.ObjectContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ManifestsTest {
    private static final String ID = "0a".repeat(32);
    private static final String LINE = "{\"imageId\":\"%s\",\"label\":\"ants\"}\n".formatted(ID);
    private static final String KEY = ObjectKeys.manifest("1b".repeat(32));

    @AutoClose
    private final InMemoryObjectStore store = new InMemoryObjectStore();

    private final Manifests manifests = new Manifests(store);

    @Test
    void givesTheImagesInTheirOrder() {
        put(KEY, LINE + LINE);
        List<String> imageIds = new ArrayList<>();

        manifests.forEachImage(KEY, imageIds::add);

        assertThat(imageIds).containsExactly(ID, ID);
        assertThat(manifests.exists(KEY)).isTrue();
    }

    @Test
    void opensNoOtherObjectThatAClientNames() {
        String key = ObjectKeys.importArchive("1");
        put(key, LINE);

        assertThat(manifests.exists(key)).isFalse();
        assertThatThrownBy(() -> manifests.forEachImage(key, imageId -> {}))
                .isInstanceOfSatisfying(
                        IllegibleManifestException.class,
                        absent -> assertThat(absent.sentence()).isEqualTo("There is no manifest imports/1."));
    }

    @Test
    void saysWhatIsWrongWithAManifest() {
        assertThatThrownBy(() -> manifests.forEachImage(KEY, imageId -> {}))
                .isInstanceOf(IllegibleManifestException.class)
                .hasMessageContaining("There is no manifest " + KEY);
        put(KEY, LINE + "no JSON");
        assertThatThrownBy(() -> manifests.forEachImage(KEY, imageId -> {}))
                .isInstanceOf(IllegibleManifestException.class)
                .hasMessageContaining("Line 2 of manifest " + KEY);
    }

    @Test
    void blamesNoFaultOfItsCallerOnTheManifest() {
        put(KEY, LINE);
        IllegalArgumentException fault = new IllegalArgumentException("while planning");

        assertThatThrownBy(() -> manifests.forEachImage(KEY, imageId -> {
                    throw fault;
                }))
                .isSameAs(fault);
    }

    private void put(String key, String text) {
        store.put(key, ObjectContent.of(text.getBytes(StandardCharsets.UTF_8), "application/jsonl"));
    }
}
