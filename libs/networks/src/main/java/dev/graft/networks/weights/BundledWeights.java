package dev.graft.networks.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// Gives the weights that come with this library. A file inside a jar cannot be mapped, so it is copied once
/// to a directory, under its digest.
///
/// @param directory where the copies are kept, made when it is not there
public record BundledWeights(Path directory) {
    private static final String EXTENSION = ".safetensors";

    /// Returns whether the weights of a backbone come with this library.
    ///
    /// @param backbone name of the weight set
    public static boolean contains(String backbone) {
        return BundledWeights.class.getResource(backbone + EXTENSION) != null;
    }

    /// Returns the path of the weights as a file, copying and verifying it first where needed.
    ///
    /// @param backbone name of the weight set
    /// @param sha256 its digest, lower-case hex
    /// @throws IllegalArgumentException when the weights do not come with this library
    /// @throws MalformedWeightsException `WRONG_DIGEST` when the bundled bytes have another digest
    /// @throws IOException when the directory cannot be written
    public Path file(String backbone, String sha256) throws IOException {
        return new WeightCache(directory).file(sha256, () -> bundled(backbone));
    }

    /// Maps the weights into memory, validated.
    ///
    /// @param backbone name of the weight set
    /// @param sha256 its digest, lower-case hex
    /// @throws IllegalArgumentException when the weights do not come with this library
    /// @throws MalformedWeightsException when they have another digest
    /// @throws IOException when the directory cannot be written
    public Safetensors open(String backbone, String sha256) throws IOException {
        return Safetensors.open(file(backbone, sha256));
    }

    private static InputStream bundled(String backbone) {
        InputStream bundled = BundledWeights.class.getResourceAsStream(backbone + EXTENSION);
        if (bundled == null) {
            throw new IllegalArgumentException("the weights of " + backbone + " are not bundled");
        }
        return bundled;
    }
}
