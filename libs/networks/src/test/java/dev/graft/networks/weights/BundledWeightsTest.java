package dev.graft.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledWeightsTest {
    private static final Backbone BACKBONE = Catalogue.standard().defaultBackbone();
    private static final String SHA256 = BACKBONE.sha256().orElseThrow();

    private static final long FILE_BYTES = 18_798_352;

    @TempDir
    private Path directory;

    @Test
    void givesTheWeightsOfTheDefaultBackboneMapped() throws IOException {
        try (Safetensors weights = new BundledWeights(directory.resolve("new/cache")).open(BACKBONE.name(), SHA256)) {
            weights.requireFor(BACKBONE.network());
            assertThat(weights.metadata()).containsEntry("license", BACKBONE.license());
        }
    }

    @Test
    void copiesOnceAndMendsADamagedCopy() throws IOException {
        BundledWeights bundled = new BundledWeights(directory);
        Path file = bundled.file(BACKBONE.name(), SHA256);
        assertThat(file).hasSize(FILE_BYTES);
        Object key = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
        assertThat(bundled.file(BACKBONE.name(), SHA256)).isEqualTo(file);
        assertThat(Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                        .fileKey())
                .isEqualTo(key);
        Files.writeString(file, "damaged");
        assertThat(bundled.file(BACKBONE.name(), SHA256)).hasSize(FILE_BYTES);
    }

    @Test
    void copiesWholeFilesWhenSeveralAskAtTheSameTime() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Path>> files = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> new BundledWeights(directory).file(BACKBONE.name(), SHA256)))
                    .toList();
            for (Future<Path> file : files) {
                assertThat(file.get()).hasSize(FILE_BYTES);
            }
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void refusesWeightsThatAreNotBundledOrHaveAnotherDigest() {
        BundledWeights bundled = new BundledWeights(directory);
        assertThat(BundledWeights.contains(BACKBONE.name())).isTrue();
        assertThat(BundledWeights.contains("vgg16.tv_in1k")).isFalse();
        assertThatThrownBy(() -> bundled.file("vgg16.tv_in1k", SHA256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bundled.file(BACKBONE.name(), "0".repeat(64)))
                .isInstanceOfSatisfying(
                        MalformedWeightsException.class,
                        e -> assertThat(e.malformation()).isEqualTo(Malformation.WRONG_DIGEST));
        assertThat(directory).isEmptyDirectory();
    }
}
