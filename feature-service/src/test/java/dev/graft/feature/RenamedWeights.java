package dev.graft.feature;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Gives the bundled weights in files of their own, so that no other name has their digest.
final class RenamedWeights {
    static final Backbone BUNDLED = Catalogue.standard().defaultBackbone();

    private RenamedWeights() {}

    /// Gives the bundled weights as they are.
    static byte[] bundled(Path cacheDirectory) throws IOException {
        return Files.readAllBytes(new BundledWeights(cacheDirectory)
                .file(BUNDLED.name(), BUNDLED.sha256().orElseThrow()));
    }

    static byte[] file(Path cacheDirectory, String name) throws IOException {
        Map<String, FloatTensor> tensors = new TreeMap<>();
        try (Safetensors bundled = new BundledWeights(cacheDirectory)
                .open(BUNDLED.name(), BUNDLED.sha256().orElseThrow())) {
            bundled.names().stream()
                    .filter(tensor -> !tensor.endsWith("num_batches_tracked"))
                    .forEach(tensor -> tensors.put(tensor, bundled.tensor(tensor)));
            return SafetensorsWriter.toBytes(Map.of("name", name), tensors);
        }
    }
}
