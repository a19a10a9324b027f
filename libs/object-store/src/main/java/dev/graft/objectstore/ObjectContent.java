package dev.graft.objectstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What is put under a key: bytes and their media type.
public sealed interface ObjectContent {

    /// The largest content of a conditional put, which is always a single request.
    long MAX_CONDITIONAL_SIZE_BYTES = 64L << 20;

    /// Returns the media type, such as `image/jpeg`.
    String contentType();

    /// Returns the exact size.
    long sizeBytes();

    /// Bytes in memory, which nobody changes until the put returned.
    @SuppressWarnings("ArrayRecordComponent") // a carrier for one call, never compared
    record Bytes(byte[] bytes, String contentType) implements ObjectContent {
        @Override
        public long sizeBytes() {
            return bytes.length;
        }
    }

    /// A file, which nobody changes until the put returned.
    record File(Path path, long sizeBytes, String contentType) implements ObjectContent {}

    /// Makes content of bytes.
    static ObjectContent of(byte[] bytes, String contentType) {
        return new Bytes(bytes, contentType);
    }

    /// Makes content of a file, whose size is taken now.
    ///
    /// @throws UncheckedIOException if the file cannot be examined
    static ObjectContent of(Path file, String contentType) {
        try {
            return new File(file, Files.size(file), contentType);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot examine " + file, e);
        }
    }
}
