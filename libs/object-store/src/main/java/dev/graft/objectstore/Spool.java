package dev.graft.objectstore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Makes a stream repeatable, so that a put can be retried: small ones on the heap, large ones in a temporary file.
final class Spool implements AutoCloseable {

    private static final long MAX_HEAP_BYTES = 8L << 20;

    private final ObjectContent repeatable;
    private final @Nullable Path temporary;

    private Spool(ObjectContent repeatable, @Nullable Path temporary) {
        this.repeatable = repeatable;
        this.temporary = temporary;
    }

    static Spool of(ObjectContent content) throws IOException {
        return switch (content) {
            case ObjectContent.Bytes bytes -> new Spool(bytes, null);
            case ObjectContent.File file -> new Spool(file, null);
            case ObjectContent.Stream stream
            when stream.sizeBytes() <= MAX_HEAP_BYTES ->
                new Spool(ObjectContent.of(readExactly(stream), stream.contentType()), null);
            case ObjectContent.Stream stream -> toFile(stream);
        };
    }

    /// Returns the content, of bytes or a file.
    ObjectContent content() {
        return repeatable;
    }

    @Override
    public void close() throws IOException {
        if (temporary != null) {
            Files.deleteIfExists(temporary);
        }
    }

    static byte[] readExactly(ObjectContent.Stream source) throws IOException {
        byte[] bytes = source.stream().readNBytes(Math.toIntExact(source.sizeBytes()));
        checkEnd(source, bytes.length);
        return bytes;
    }

    private static Spool toFile(ObjectContent.Stream source) throws IOException {
        Path file = Files.createTempFile("graft-object-", ".spool");
        boolean kept = false;
        try (var out = Files.newOutputStream(file)) {
            InputStream in = source.stream();
            byte[] buffer = new byte[1 << 16];
            long copied = 0;
            while (copied < source.sizeBytes()) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, source.sizeBytes() - copied));
                if (read < 0) {
                    break;
                }
                out.write(buffer, 0, read);
                copied += read;
            }
            checkEnd(source, copied);
            kept = true;
            return new Spool(new ObjectContent.File(file, copied, source.contentType()), file);
        } finally {
            if (!kept) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void checkEnd(ObjectContent.Stream source, long readBytes) throws IOException {
        if (readBytes < source.sizeBytes() || source.stream().read() >= 0) {
            throw new IllegalArgumentException(
                    "The stream does not have the declared " + source.sizeBytes() + " bytes");
        }
    }
}
