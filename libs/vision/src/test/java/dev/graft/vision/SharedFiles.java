package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Finds the pictures that lie outside the tree.
public final class SharedFiles {
    private SharedFiles() {}

    public static Path folder(String name) {
        Path folder = Path.of(System.getProperty("graft.shared", "../shared"), name);
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "There is no folder " + folder + " to test with");
        return folder;
    }

    static List<Path> files(String folder) {
        try (Stream<Path> files = Files.walk(folder(folder))) {
            List<Path> found = files.filter(Files::isRegularFile).sorted().toList();
            assertThat(found).isNotEmpty();
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Path> filesByName(String folder) {
        return files(folder).stream()
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString(), file -> file, (first, second) -> first));
    }

    public static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] nasty(String name) {
        return read(folder("nasty").resolve(name));
    }
}
