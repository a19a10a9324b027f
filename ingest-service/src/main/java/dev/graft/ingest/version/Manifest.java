package dev.graft.ingest.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.Sha256;
import dev.graft.ingest.dataset.Census;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/// The manifest of a dataset while it is written: JSON lines of [ManifestEntry], sorted by image id. It goes to
/// a file, because that of a large dataset does not belong in memory.
final class Manifest implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BUFFER_BYTES = 1 << 20;

    private final OutputStream lines;
    private final MessageDigest sha256 = Sha256.digest();
    private final Census census = new Census();
    private String lastImageId = "";
    private long sizeBytes;

    /// Begins a manifest in a file, in place of what the file holds.
    Manifest(Path file) throws IOException {
        lines = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
    }

    /// Adds an image; each call needs a greater id than the one before.
    ///
    /// @throws UncheckedIOException when the disk fails
    void add(ManifestEntry entry) {
        if (entry.imageId().compareTo(lastImageId) <= 0) {
            throw new IllegalArgumentException("a manifest is sorted by image id");
        }
        lastImageId = entry.imageId();
        census.add(entry.label(), entry.split(), 1);
        try {
            write(JSON.writeValueAsBytes(entry));
            write(new byte[] {'\n'});
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a manifest entry cannot be written as JSON", impossible);
        } catch (IOException failed) {
            throw new UncheckedIOException("a manifest cannot be written", failed);
        }
    }

    private void write(byte[] bytes) throws IOException {
        lines.write(bytes);
        sha256.update(bytes);
        sizeBytes += bytes.length;
    }

    /// Gives the greatest image id so far; empty when there is none.
    String lastImageId() {
        return lastImageId;
    }

    Census census() {
        return census;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /// Ends the manifest, and gives the SHA-256 of its bytes, hex.
    String finish() throws IOException {
        lines.close();
        return Sha256.hex(sha256);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
