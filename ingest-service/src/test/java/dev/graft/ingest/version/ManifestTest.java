package dev.graft.ingest.version;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.ManifestReader;
import dev.graft.contracts.Split;
import dev.graft.ingest.Images;
import dev.graft.ingest.dataset.Labels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    private static final String FIRST = "0".repeat(64);
    private static final String SECOND = "a".repeat(64);

    @TempDir
    Path folder;

    @Test
    void writesOneLineAnImage() throws Exception {
        Path file = folder.resolve("manifest");
        try (Manifest manifest = new Manifest(file)) {
            manifest.add(new ManifestEntry(FIRST, "ants", Split.TRAIN));
            manifest.add(new ManifestEntry(SECOND, "b\u00fc", null));
            String digest = manifest.finish();

            byte[] bytes = Files.readAllBytes(file);
            assertThat(new String(bytes, UTF_8)).isEqualTo("""
                    {"imageId":"%s","label":"ants","split":"train"}
                    {"imageId":"%s","label":"b\u00fc"}
                    """.formatted(FIRST, SECOND));
            assertThat(manifest.sizeBytes()).isEqualTo(bytes.length);
            assertThat(digest).isEqualTo(Images.id(bytes));
        }
    }

    /// Readers bound the length of a line. The longest label has three bytes a character, or an escape of two.
    @Test
    void writesLinesThatReadersTakeWhateverTheLabel() throws Exception {
        Path file = folder.resolve("manifest");
        List<ManifestEntry> entries = List.of(
                new ManifestEntry(FIRST, "\u732b".repeat(Labels.MAX_LENGTH), Split.VALIDATION),
                new ManifestEntry(SECOND, "\"".repeat(Labels.MAX_LENGTH), Split.VALIDATION));
        try (Manifest manifest = new Manifest(file)) {
            entries.forEach(manifest::add);
            String unused = manifest.finish();
        }

        try (ManifestReader reader = new ManifestReader(Files.newInputStream(file))) {
            assertThat(reader.next()).contains(entries.getFirst());
            assertThat(reader.next()).contains(entries.getLast());
            assertThat(reader.next()).isEmpty();
        }
    }

    @Test
    void countsWhatItLists() throws Exception {
        try (Manifest manifest = new Manifest(folder.resolve("manifest"))) {
            manifest.add(new ManifestEntry(FIRST, "ants", Split.VALIDATION));
            manifest.add(new ManifestEntry(SECOND, "ants", Split.TRAIN));

            assertThat(manifest.census().images()).isEqualTo(2);
            assertThat(manifest.census().classes()).isEqualTo(Map.of("ants", 2L));
            assertThat(List.copyOf(manifest.census().splits().keySet())).containsExactly("train", "val");
        }
    }

    @Test
    void refusesImagesOutOfOrder() throws Exception {
        try (Manifest manifest = new Manifest(folder.resolve("manifest"))) {
            manifest.add(new ManifestEntry(SECOND, "ants", null));

            assertThatThrownBy(() -> manifest.add(new ManifestEntry(FIRST, "ants", null)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> manifest.add(new ManifestEntry(SECOND, "ants", null)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
