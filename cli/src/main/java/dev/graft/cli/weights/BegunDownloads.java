package dev.graft.cli.weights;

import dev.graft.cli.console.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The downloads that were begun and not ended.
///
/// @param folder where they lie, which need not exist
record BegunDownloads(Path folder) {
    /// What their names end with, after the name of the backbone.
    static final String EXTENSION = ".safetensors";

    /// Says of each what has arrived and what can be done with it.
    List<String> remarks() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(EXTENSION))
                    .filter(file -> file.toFile().length() > 0)
                    .sorted()
                    .map(BegunDownloads::remark)
                    .toList();
        }
    }

    private static String remark(Path part) {
        String name = part.getFileName().toString();
        return "Begun: %s of %s. ./graft weights pull %2$s goes on with it; to give it up, delete %s."
                .formatted(
                        Sizes.words(part.toFile().length()),
                        name.substring(0, name.length() - EXTENSION.length()),
                        part);
    }
}
