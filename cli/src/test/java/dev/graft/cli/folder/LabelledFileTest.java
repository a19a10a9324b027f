package dev.graft.cli.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledFileTest {
    @TempDir
    Path temporary;

    @Test
    void findsFilesByTheirBytesInTheOrderOfTheirPaths() throws IOException {
        write("train/a/1.png", "first");
        write("train/a/2.png", "second");
        write("test/b/3.png", "third");

        assertThat(find(Map.of(id("second"), "a", id("third"), "b")))
                .containsExactly(file("b", "test/b/3.png"), file("a", "train/a/2.png"));
    }

    @Test
    void takesTheSameImageOfAnotherClassForNone() throws IOException {
        write("b/1.png", "first");
        write("a/1.png", "first");

        assertThat(find(Map.of(id("first"), "b", id("gone"), "a"))).containsExactly(file("b", "b/1.png"));
    }

    private List<LabelledFile> find(Map<String, String> labels) throws IOException {
        return LabelledFile.find(FolderSource.scan(temporary), labels);
    }

    private LabelledFile file(String label, String path) {
        return new LabelledFile(label, temporary.resolve(path));
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(temporary.resolve(path).getParent());
        Files.writeString(temporary.resolve(path), text);
    }

    private static String id(String text) {
        return Sha256.of(text.getBytes(UTF_8));
    }
}
