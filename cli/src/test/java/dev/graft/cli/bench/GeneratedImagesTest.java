package dev.graft.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedImagesTest {
    @TempDir
    Path temporary;

    @Test
    void areDistinctAndInTenClasses() throws IOException {
        Path archive = temporary.resolve("images.tar");
        new GeneratedImages(1, 200).write(archive);
        Path fewer = temporary.resolve("fewer.tar");
        new GeneratedImages(1, 100).write(fewer);
        Path other = temporary.resolve("other.tar");
        new GeneratedImages(0, 100).write(other);

        List<String> labels = new ArrayList<>();
        List<String> imageIds = new ArrayList<>();
        for (Path file : List.of(archive, fewer, other)) {
            try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(file))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    labels.add(entry.getName().split("/")[0]);
                    imageIds.add(Sha256.of(tar.readAllBytes()));
                }
            }
        }
        assertThat(imageIds).hasSize(400).doesNotHaveDuplicates();
        assertThat(Stream.of(labels.toArray()).distinct()).hasSize(10).contains(GeneratedImages.LABEL);
    }

    @Test
    void areSmallImagesOfColours() throws IOException {
        Path archive = temporary.resolve("images.tar");
        new GeneratedImages(1, 1).write(archive);

        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
            assertThat(tar.getNextEntry().getName()).isEqualTo("label-0/0.png");
            assertThat(ImageIO.read(tar)).satisfies(image -> {
                assertThat(image.getWidth()).isEqualTo(16);
                assertThat(image.getColorModel().getNumComponents()).isEqualTo(3);
            });
        }
    }

    @Test
    void areTheSameEachTime() throws IOException {
        new GeneratedImages(1, 20).write(temporary.resolve("first.tar"));
        new GeneratedImages(1, 20).write(temporary.resolve("second.tar"));

        assertThat(temporary.resolve("second.tar")).hasSameBinaryContentAs(temporary.resolve("first.tar"));
    }
}
