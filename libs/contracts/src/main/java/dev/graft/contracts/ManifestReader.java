package dev.graft.contracts;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a manifest: JSON lines, each a [ManifestEntry]; blank lines count for nothing. Whatever the stream
/// holds, it takes the memory of a buffer only. For one thread.
public final class ManifestReader implements Closeable {
    /// The most bytes of a line. An entry whose label has 200 characters, the most there are, has at most
    /// 1,300: each character may be escaped, in six bytes.
    public static final int MAX_LINE_SIZE_BYTES = 4 << 10;

    private static final int BUFFER_BYTES = 1 << 16;

    private static final ObjectReader ENTRIES = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(ManifestEntry.class);

    private final InputStream manifest;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private long line;

    /// Makes a reader, which closes the stream when it is closed.
    public ManifestReader(InputStream manifest) {
        this.manifest = manifest;
    }

    /// Gives the next entry; empty at the end.
    ///
    /// @throws MalformedManifestException when a line is no entry, or longer than [#MAX_LINE_SIZE_BYTES]
    /// @throws IOException when the stream cannot be read
    public Optional<ManifestEntry> next() throws IOException {
        while (start < end || fill()) {
            line++;
            int size = lineSize();
            int first = start;
            start = Math.min(first + size + 1, end);
            if (!isBlank(first, size)) {
                return Optional.of(entry(first, size));
            }
        }
        return Optional.empty();
    }

    /// Gives how many bytes there are up to the end of the line that begins at [#start]; all of them are in the
    /// buffer.
    private int lineSize() throws IOException {
        int size = 0;
        while (start + size < end || fill()) {
            if (buffer[start + size] == '\n') {
                return size;
            }
            size++;
            if (size > MAX_LINE_SIZE_BYTES) {
                throw new MalformedManifestException(
                        line, "has more than %,d bytes".formatted(MAX_LINE_SIZE_BYTES), null);
            }
        }
        return size;
    }

    /// Reads on behind what is not yet read of the buffer, which moves to its beginning.
    ///
    /// @return false at the end of the stream
    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int read = manifest.read(buffer, end, buffer.length - end);
        end += Math.max(read, 0);
        return read >= 0;
    }

    private boolean isBlank(int first, int size) {
        for (int i = first; i < first + size; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private ManifestEntry entry(int first, int size) {
        try {
            @Nullable ManifestEntry entry = ENTRIES.readValue(buffer, first, size);
            if (entry != null) {
                return entry;
            }
        } catch (IOException e) {
            throw new MalformedManifestException(line, "is not a manifest entry", e);
        }
        throw new MalformedManifestException(line, "is null", null);
    }

    @Override
    public void close() throws IOException {
        manifest.close();
    }
}
