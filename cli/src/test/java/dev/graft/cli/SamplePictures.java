package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Pictures of the bundled sample, in folders of a test's own.
public final class SamplePictures {
    private SamplePictures() {}

    /// Copies the first pictures of a class of a part.
    public static void copy(Path folder, String part, String label, int count) throws IOException {
        Path target = folder.resolve(part).resolve(label);
        copyTo(target, part, label, count);
    }

    /// Copies the first pictures of a class of a part into a folder.
    public static void copyTo(Path target, String part, String label, int count) throws IOException {
        Files.createDirectories(target);
        for (Path file :
                files(GraftProgram.sample().resolve(part).resolve(label)).subList(0, count)) {
            Files.copy(file, target.resolve(file.getFileName()));
        }
    }

    /// Lists the files below a folder, in the order of their paths.
    public static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
