package dev.graft.backbones.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Gives the weights that come with this library. A file inside a jar cannot be mapped, so it is copied once to a
/// directory, under its digest; several processes may do so at the same time, for a copy appears only when it is
/// complete.
///
/// @param directory where the copies are kept, made when it is not there
public record BundledWeights(Path directory) {
    private static final String EXTENSION = ".safetensors";
    private static final int BUFFER_BYTES = 1 << 16;

    /// Tells whether the weights of a backbone come with this library.
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
    /// @throws MalformedWeightsException `WRONG_DIGEST` when the bundled bytes are not those announced
    /// @throws IOException when the directory cannot be written
    public Path file(String backbone, String sha256) throws IOException {
        Path file = directory.resolve(sha256 + EXTENSION);
        if (Files.isRegularFile(file) && sha256(Files.newInputStream(file)).equals(sha256)) {
            return file;
        }
        InputStream bundled = BundledWeights.class.getResourceAsStream(backbone + EXTENSION);
        if (bundled == null) {
            throw new IllegalArgumentException("the weights of " + backbone + " are not bundled");
        }
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, sha256, ".part");
        try {
            try (bundled) {
                Files.copy(bundled, temporary, StandardCopyOption.REPLACE_EXISTING);
            }
            String found = sha256(Files.newInputStream(temporary));
            if (!found.equals(sha256)) {
                throw new MalformedWeightsException(
                        Malformation.WRONG_DIGEST, backbone + " has the digest " + found + ", not " + sha256);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            return file;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// Maps the weights into memory, validated.
    ///
    /// @param backbone name of the weight set
    /// @param sha256 its digest, lower-case hex
    /// @throws IllegalArgumentException when the weights do not come with this library
    /// @throws MalformedWeightsException when they are not those announced
    /// @throws IOException when the directory cannot be written
    public Safetensors open(String backbone, String sha256) throws IOException {
        return Safetensors.open(file(backbone, sha256));
    }

    private static String sha256(InputStream opened) {
        try (DigestInputStream in = new DigestInputStream(opened, MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[BUFFER_BYTES];
            while (in.read(buffer) >= 0) {
                // Reading is what feeds the digest.
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read weights", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
