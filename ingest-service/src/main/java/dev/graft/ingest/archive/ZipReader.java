package dev.graft.ingest.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// Reads a zip through its directory, which is held in memory and therefore bounded before it is read.
final class ZipReader extends ArchiveReader {
    private final ZipFile zip;
    private final Enumeration<ZipArchiveEntry> directory;
    private @Nullable ZipArchiveEntry entry;

    private ZipReader(ZipFile zip, ArchiveLimits limits) {
        super(limits);
        this.zip = zip;
        this.directory = zip.getEntries();
    }

    static ZipReader of(Path file, ArchiveLimits limits) throws ArchiveException, IOException {
        ZipDirectory.check(file, limits);
        return new ZipReader(
                ZipFile.builder().setPath(file).setIgnoreLocalFileHeader(true).get(), limits);
    }

    @Override
    boolean advanceEntry() {
        entry = directory.hasMoreElements() ? directory.nextElement() : null;
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
        ZipArchiveEntry present = present();
        if (present.isUnixSymlink()) {
            return "It is a link. Put the picture itself into the archive.";
        }
        if (present.getGeneralPurposeBit().usesEncryption()) {
            return "It is encrypted. Make the archive without a password.";
        }
        return zip.canReadEntryData(present) ? "" : "Its compression method is not supported.";
    }

    @Override
    long declaredBytes() {
        return Math.max(0, present().getSize());
    }

    @Override
    InputStream content() throws IOException {
        InputStream content = zip.getInputStream(present());
        if (content == null) {
            throw new ZipException("no content");
        }
        return new ChecksummedStream(content, present().getCrc());
    }

    private ZipArchiveEntry present() {
        if (entry == null) {
            throw new IllegalStateException("there is no present file");
        }
        return entry;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
