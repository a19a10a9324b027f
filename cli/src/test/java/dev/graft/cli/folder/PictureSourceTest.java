package dev.graft.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureSourceTest {
    @TempDir
    Path temporary;

    @Test
    void readsFolderAsTarInTheOrderOfPaths() throws Exception {
        write("test/b/2.png", "two");
        write("test/a b/ü.png", "x".repeat(1500));
        write("test/a b/" + "long-".repeat(40) + ".png", "");

        PictureSource source = PictureSource.at(temporary);

        assertThat(source.mediaType()).isEqualTo("application/x-tar");
        assertThat(source.sizeBytes()).isEqualTo(1503);
        assertThat(untar(source))
                .containsExactly(
                        Map.entry("test/a b/" + "long-".repeat(40) + ".png", ""),
                        Map.entry("test/a b/ü.png", "x".repeat(1500)),
                        Map.entry("test/b/2.png", "two"));
    }

    @Test
    void givesTheSameBytesAgain() throws Exception {
        write("a/1.png", "one");
        PictureSource source = PictureSource.at(temporary);

        assertThat(source.open(bytes -> {}).readAllBytes())
                .isEqualTo(source.open(bytes -> {}).readAllBytes())
                .hasSize(512 + 512 + 1024);
    }

    @Test
    void tellsHowFarItIs() throws Exception {
        write("a/1.png", "one");
        AtomicLong seen = new AtomicLong();

        byte[] all = PictureSource.at(temporary).open(seen::set).readAllBytes();

        assertThat(seen).hasValue(all.length);
    }

    @Test
    void leavesHiddenFilesOut() throws Exception {
        write("a/1.png", "one");
        write("a/.DS_Store", "junk");
        write(".git/config", "junk");

        assertThat(untar(PictureSource.at(temporary))).containsOnlyKeys("a/1.png");
    }

    @Test
    void refusesEmptyFolder() throws Exception {
        Files.createDirectories(temporary.resolve("a/b"));

        assertThatThrownBy(() -> PictureSource.at(temporary))
                .isInstanceOfSatisfying(ActionableException.class, refused -> {
                    assertThat(refused.problem()).contains("holds no pictures");
                    assertThat(refused.remedy()).contains("LABEL/file");
                });
    }

    @Test
    void refusesLinksThatLeadInCircle() throws Exception {
        write("a/1.png", "one");
        Files.createSymbolicLink(temporary.resolve("a/loop"), temporary);

        assertThatThrownBy(() -> PictureSource.at(temporary))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("circle");
    }

    @Test
    void failsWhenFileBecomesShorterMeanwhile() throws Exception {
        Path file = write("a/1.png", "three");
        PictureSource source = PictureSource.at(temporary);
        Files.writeString(file, "", StandardOpenOption.TRUNCATE_EXISTING);

        assertThatThrownBy(() -> source.open(bytes -> {}).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shorter");
    }

    @Test
    void knowsArchivesByTheirContent() throws Exception {
        assertThat(PictureSource.at(write("one", "PK\3\4")).mediaType()).isEqualTo("application/zip");
        Path gzip = temporary.resolve("two");
        Files.write(gzip, new byte[] {0x1f, (byte) 0x8b, 8});
        assertThat(PictureSource.at(gzip).mediaType()).isEqualTo("application/gzip");
        assertThat(PictureSource.at(write("three", "\0".repeat(257) + "ustar")).mediaType())
                .isEqualTo("application/x-tar");
    }

    @Test
    void refusesWhatIsNeitherFolderNorArchive() throws Exception {
        Path text = write("readme.zip", "hello");

        assertThatThrownBy(() -> PictureSource.at(text))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("neither a folder nor a zip");
    }

    @Test
    void saysThatThereIsNothing() {
        assertThatThrownBy(() -> PictureSource.at(temporary.resolve("missing")))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("There is nothing at");
    }

    private Path write(String path, String content) throws IOException {
        Path file = temporary.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static Map<String, String> untar(PictureSource source) throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        try (InputStream in = source.open(bytes -> {});
                TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }
}
