package dev.graft.feature;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.networks.weights.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// The 28 photographs whose features are known from the reference implementation.
final class Photographs {
    private Photographs() {}

    record Photograph(String imageId, byte[] file, float[] features) {}

    static List<Photograph> all() {
        Path shared = Path.of(System.getProperty("graft.shared", "../../shared"));
        Path reference = shared.resolve("reference/real/tf_efficientnet_lite0.in1k.features.safetensors");
        assumeTrue(Files.exists(reference), "the reference photographs are not here: " + reference);
        try (Safetensors features = Safetensors.open(reference)) {
            return features.names().stream()
                    .map(name -> {
                        byte[] file = read(shared.resolve("datasets").resolve(name));
                        return new Photograph(
                                imageId(file), file, features.tensor(name).toArray());
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String imageId(byte[] file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
