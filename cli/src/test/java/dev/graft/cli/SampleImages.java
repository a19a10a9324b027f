package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Images of the bundled sample, in folders of a test's own.
public final class SampleImages {
    private SampleImages() {}

    /// Copies the first images of a class of a split.
    public static void copy(Path folder, String split, String label, int count) throws IOException {
        Path target = folder.resolve(split).resolve(label);
        copyTo(target, split, label, count);
    }

    /// Copies the first images of a class of a split into a folder.
    public static void copyTo(Path target, String split, String label, int count) throws IOException {
        Files.createDirectories(target);
        for (Path file :
                files(GraftProgram.sample().resolve(split).resolve(label)).subList(0, count)) {
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
