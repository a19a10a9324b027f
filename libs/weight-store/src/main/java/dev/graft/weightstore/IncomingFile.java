package dev.graft.weightstore;

import dev.graft.contracts.Sha256;
import dev.graft.networks.Backbone;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.WeightCache;
import dev.graft.vision.Preprocessing;
import dev.graft.weightstore.RefusedWeightsException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Set;
import java.util.stream.Collectors;

/// A file of weights on its way into the store, on this machine's disk; gone when it is closed, unless it was
/// kept.
record IncomingFile(WeightCache cache, Path path, String sha256, long sizeBytes) implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    /// Receives a file.
    ///
    /// @throws RefusedWeightsException when it is larger than is allowed
    static IncomingFile receive(WeightCache cache, InputStream file, long maxSizeBytes) throws IOException {
        Path part = cache.newPart();
        MessageDigest digest = Sha256.digest();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(part), digest)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long sizeBytes = 0;
            for (int count = file.read(buffer); count >= 0; count = file.read(buffer)) {
                sizeBytes += count;
                if (sizeBytes > maxSizeBytes) {
                    throw new RefusedWeightsException(
                            Reason.TOO_LARGE, "The file has more than the %,d bytes allowed.".formatted(maxSizeBytes));
                }
                out.write(buffer, 0, count);
            }
            return new IncomingFile(cache, part, Sha256.hex(digest), sizeBytes);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    /// Checks that this is a safetensors file with the weights of an architecture. Its classifier may be
    /// missing as a whole, for features do not need it.
    ///
    /// @throws dev.graft.networks.weights.MalformedWeightsException when it is not
    void requireFor(String name, Preprocessing recipe) throws IOException {
        Network whole = Architectures.named(Backbone.architectureOf(name)).withInputSize(recipe.inputSizePixels());
        Network trunk = whole.upTo(new TransferLayer(whole.features(), false));
        Set<String> classifier =
                whole.parameters().stream().map(ParameterSpec::name).collect(Collectors.toSet());
        trunk.parameters().forEach(parameter -> classifier.remove(parameter.name()));
        try (Safetensors weights = Safetensors.open(path)) {
            boolean headless = weights.names().stream().noneMatch(classifier::contains);
            weights.requireFor(headless ? trunk : whole);
        }
    }

    /// Keeps the file where the next one who needs it finds it.
    void keep() throws IOException {
        Path unused = cache.adopt(path, sha256);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
