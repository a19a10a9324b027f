package dev.graft.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ObjectKeysTest {
    /// In some locales numbers are written with other digits, and then one service would not find what another wrote.
    @Test
    void writesNumbersAlikeInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertThat(ObjectKeys.bundlePrefix("flowers", 12)).isEqualTo("models/flowers/12/");
            assertThat(ObjectKeys.weightSet(7)).isEqualTo("weight-sets/00000007.json");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void distinguishesManifestsFromEverythingElseInTheBucket() {
        String sha256 = "0a".repeat(32);
        assertThat(ObjectKeys.isManifest(ObjectKeys.manifest(sha256))).isTrue();
        assertThat(List.of(
                        ObjectKeys.importArchive(sha256),
                        ObjectKeys.image(sha256),
                        ObjectKeys.embeddingIndex(sha256),
                        "manifests/" + sha256,
                        "manifests/../imports/%s.jsonl".formatted(sha256),
                        "manifests/%s.jsonl\n".formatted(sha256),
                        ""))
                .noneMatch(ObjectKeys::isManifest);
    }
}
