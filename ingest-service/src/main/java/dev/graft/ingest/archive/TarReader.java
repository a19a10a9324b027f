package dev.graft.ingest.archive;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/// Reads a tar, gzipped or not, as a stream: memory does not grow with it.
final class TarReader extends ArchiveReader {
    private static final int BUFFER_BYTES = 1 << 17;

    private final TarArchiveInputStream tar;
    private @Nullable TarArchiveEntry entry;

    private TarReader(TarArchiveInputStream tar, ArchiveLimits limits) {
        super(limits);
        this.tar = tar;
    }

    static TarReader of(Path file, boolean gzipped, ArchiveLimits limits) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        try {
            InputStream unpacked = gzipped ? new BoundedStream(new GZIPInputStream(raw, BUFFER_BYTES), limits) : raw;
            return new TarReader(new TarArchiveInputStream(unpacked, StandardCharsets.UTF_8.name()), limits);
        } catch (IOException | RuntimeException failed) {
            raw.close();
            throw failed;
        }
    }

    @Override
    boolean advanceEntry() throws IOException {
        entry = tar.getNextEntry();
        return entry != null;
    }

    @Override
    public String path() {
        return present().getName();
    }

    @Override
    boolean isFolder() {
        return present().isDirectory();
    }

    @Override
    String obstacle() {
        TarArchiveEntry present = present();
        if (present.isSymbolicLink() || present.isLink()) {
            return "It is a link. Put the picture itself into the archive.";
        }
        boolean special = present.isCharacterDevice() || present.isBlockDevice() || present.isFIFO();
        return special || !tar.canReadEntryData(present) ? "It is no regular file." : "";
    }

    @Override
    long declaredBytes() {
        return Math.max(0, present().getSize());
    }

    /// The tar itself must stay open when a file of it has been read.
    @Override
    InputStream content() {
        return new FilterInputStream(tar) {
            @Override
            public void close() {}
        };
    }

    private TarArchiveEntry present() {
        if (entry == null) {
            throw new IllegalStateException("there is no present file");
        }
        return entry;
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
