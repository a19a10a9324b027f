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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSourceTest {
    @TempDir
    Path temporary;

    @Test
    void readsFolderAsTarInTheOrderOfPaths() throws Exception {
        write("test/b/2.png", "two");
        write("test/a b/ü.png", "x".repeat(1500));
        write("test/a b/" + "long-".repeat(40) + ".png", "");

        ImageSource source = ImageSource.at(temporary);

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
        ImageSource source = ImageSource.at(temporary);

        assertThat(source.open(bytes -> {}).readAllBytes())
                .isEqualTo(source.open(bytes -> {}).readAllBytes())
                .hasSize(512 + 512 + 1024);
    }

    @Test
    void tellsHowFarItIs() throws Exception {
        write("a/1.png", "one");
        AtomicLong seen = new AtomicLong();

        byte[] all = ImageSource.at(temporary).open(seen::set).readAllBytes();

        assertThat(seen).hasValue(all.length);
    }

    @Test
    void leavesHiddenFilesOut() throws Exception {
        write("a/1.png", "one");
        write("a/.DS_Store", "junk");
        write(".git/config", "junk");

        assertThat(untar(ImageSource.at(temporary))).containsOnlyKeys("a/1.png");
    }

    @Test
    void refusesEmptyFolder() throws Exception {
        Files.createDirectories(temporary.resolve("a/b"));

        assertThatThrownBy(() -> ImageSource.at(temporary))
                .isInstanceOfSatisfying(ActionableException.class, refused -> {
                    assertThat(refused.problem()).contains("holds no pictures");
                    assertThat(refused.remedy()).contains("LABEL/file");
                });
    }

    @Test
    void followsLinksAndNamesThoseThatLeadToNothing() throws Exception {
        write("a/1.png", "one");
        Files.createSymbolicLink(temporary.resolve("a/2.png"), Path.of("1.png"));
        Files.createSymbolicLink(temporary.resolve("a/3.png"), Path.of("../.git/annex/objects/x.png"));
        assertThat(new ProcessBuilder("mkfifo", temporary.resolve("a/4.png").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(entries(ImageSource.at(temporary)))
                .containsExactly(
                        "a/1.png 0 3 ", "a/2.png 0 3 ", "a/3.png 2 0 ../.git/annex/objects/x.png", "a/4.png 6 0 ");
    }

    /// The JVM knows no names but those of its locale's encoding, so that a shell has to make others.
    @Test
    void keepsNamesApartThatAreNotUtf8() throws Exception {
        String script =
                "cd \"$1\" && for n in '\\252\\256\\342' '\\257\\361\\341'; do mkdir \"$(printf $n)\" && echo x >\"$(printf $n)/1.png\"; done";
        assertThat(new ProcessBuilder("bash", "-c", script, "bash", temporary.toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(entries(ImageSource.at(temporary), "ISO-8859-1"))
                .containsExactly("\u00aa\u00ae\u00e2/1.png 0 2 ", "\u00af\u00f1\u00e1/1.png 0 2 ");
    }

    @Test
    void readsNamesInUtf8WhateverTheLocale() throws Exception {
        String script =
                "cd \"$1\" && for n in '\\320\\272\\320\\276\\321\\202' '\\320\\277\\321\\221\\321\\201'; do mkdir \"$(printf $n)\" && echo x >\"$(printf $n)/1.png\"; done";
        assertThat(new ProcessBuilder("bash", "-c", script, "bash", temporary.toString())
                        .start()
                        .waitFor())
                .isZero();
        ProcessBuilder lister = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Lister.class.getName(),
                temporary.toString());
        lister.environment().put("LC_ALL", "C");

        String listed = new String(lister.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(listed.lines()).containsExactly("\u043a\u043e\u0442/1.png 0 2 ", "\u043f\u0451\u0441/1.png 0 2 ");
    }

    /// Lists a folder in a process of its own.
    static final class Lister {
        private Lister() {}

        public static void main(String[] arguments) throws IOException {
            byte[] lines = String.join("\n", entries(ImageSource.at(Path.of(arguments[0]))))
                    .getBytes(StandardCharsets.UTF_8);
            System.out.write(lines, 0, lines.length);
            System.out.flush();
        }
    }

    @Test
    void namesArchivesThatItDoesNotRead() throws Exception {
        Path rar = write("pictures.zip", "Rar!\u001a\u0007\u0001");

        assertThatThrownBy(() -> ImageSource.at(rar))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("packed as RAR");
    }

    @Test
    void refusesLinksThatLeadInCircle() throws Exception {
        write("a/1.png", "one");
        Files.createSymbolicLink(temporary.resolve("a/loop"), temporary);

        assertThatThrownBy(() -> ImageSource.at(temporary))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("circle");
    }

    @Test
    void failsWhenFileBecomesShorterMeanwhile() throws Exception {
        Path file = write("a/1.png", "three");
        ImageSource source = ImageSource.at(temporary);
        Files.writeString(file, "", StandardOpenOption.TRUNCATE_EXISTING);

        assertThatThrownBy(() -> source.open(bytes -> {}).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shorter");
    }

    @Test
    void knowsArchivesByTheirContent() throws Exception {
        assertThat(ImageSource.at(write("one", "PK\3\4")).mediaType()).isEqualTo("application/zip");
        Path gzip = temporary.resolve("two");
        Files.write(gzip, new byte[] {0x1f, (byte) 0x8b, 8});
        assertThat(ImageSource.at(gzip).mediaType()).isEqualTo("application/gzip");
        assertThat(ImageSource.at(write("three", "\0".repeat(257) + "ustar")).mediaType())
                .isEqualTo("application/x-tar");
    }

    @Test
    void refusesWhatIsNeitherFolderNorArchive() throws Exception {
        Path text = write("readme.zip", "hello");

        assertThatThrownBy(() -> ImageSource.at(text))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("neither a folder nor a zip");
    }

    @Test
    void saysThatThereIsNothing() {
        assertThatThrownBy(() -> ImageSource.at(temporary.resolve("missing")))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("There is nothing at");
    }

    private Path write(String path, String content) throws IOException {
        Path file = temporary.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static Map<String, String> untar(ImageSource source) throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        try (InputStream in = source.open(bytes -> {});
                TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }

    private static List<String> entries(ImageSource source) throws IOException {
        return entries(source, "UTF-8");
    }

    /// Gives name, type, size and target of each.
    private static List<String> entries(ImageSource source, String encoding) throws IOException {
        List<String> entries = new ArrayList<>();
        try (InputStream in = source.open(bytes -> {});
                TarArchiveInputStream tar = new TarArchiveInputStream(in, encoding)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add("%s %c %d %s"
                        .formatted(entry.getName(), entry.getLinkFlag(), entry.getSize(), entry.getLinkName()));
            }
        }
        return entries;
    }
}
