package dev.graft.cli.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Progress;
import dev.graft.cli.console.Sizes;
import dev.graft.cli.rest.FeatureClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Sends a file of weights to be registered and shows the progress.
record WeightsUpload(Console console, FeatureClient feature) {
    /// @param like the weight set whose preprocessing is to be used; absent: as the service chooses
    /// @return the record of the weight set
    JsonNode run(String name, Path file, @Nullable String like) throws IOException {
        long sizeBytes = Files.size(file);
        try (Progress progress = console.progress("import")) {
            JsonNode registered = feature.putWeights(
                    name,
                    like,
                    file,
                    sent -> progress.update(
                            sent,
                            Math.max(1, sizeBytes),
                            sent < sizeBytes ? Sizes.words(sent) + " of " + Sizes.words(sizeBytes) : "checking"));
            progress.done("%s is here: %s, SHA-256 %s"
                    .formatted(
                            name,
                            Sizes.words(sizeBytes),
                            registered.path("sha256").asText()));
            return registered;
        }
    }
}
