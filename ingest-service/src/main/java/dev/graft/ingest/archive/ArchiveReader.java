package dev.graft.ingest.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// Reads the files of an archive one after the other, in the archive's own order, which is always the same.
///
/// Folders, hidden files and litter are passed over. An instance belongs to one thread.
public abstract sealed class ArchiveReader implements Closeable permits TarReader, ZipReader {
    private final ArchiveLimits limits;
    private long entries;
    private long unpackedBytes;

    ArchiveReader(ArchiveLimits limits) {
        this.limits = limits;
    }

    /// Opens an archive.
    ///
    /// @throws ArchiveException when it is none, is damaged, or goes beyond the limits
    /// @throws IOException      when the disk fails, or the thread is interrupted
    public static ArchiveReader open(Path file, ArchiveLimits limits) throws ArchiveException, IOException {
        ArchiveFormat format =
                ArchiveFormat.of(file).orElseThrow(() -> ArchiveException.unreadable("it is no zip, tar or tar.gz."));
        return guarded(() -> switch (format) {
            case ZIP -> ZipReader.of(file, limits);
            case TAR -> TarReader.of(file, false, limits);
            case TAR_GZIP -> TarReader.of(file, true, limits);
        });
    }

    /// Goes through the whole archive once without reading its pictures.
    ///
    /// @throws ArchiveException when it is damaged, or goes beyond the limits
    /// @throws IOException      when the disk fails, or the thread is interrupted
    public static Survey survey(Path file, ArchiveLimits limits) throws ArchiveException, IOException {
        Layout.Survey layout = new Layout.Survey();
        long files = 0;
        try (ArchiveReader reader = open(file, limits)) {
            while (reader.advance()) {
                layout.see(reader.path());
                files++;
                reader.addUnpacked(reader.declaredBytes());
            }
        }
        return new Survey(files, layout.layout());
    }

    /// What one walk through an archive told.
    ///
    /// @param files  how many times [ArchiveReader#advance] says true
    /// @param layout how paths give labels
    public record Survey(long files, Layout layout) {}

    /// Goes to the next file.
    ///
    /// @return false when there are no more
    /// @throws ArchiveException when the archive is damaged here, or goes beyond the limits
    /// @throws IOException      when the disk fails, or the thread is interrupted
    public boolean advance() throws ArchiveException, IOException {
        while (guarded(this::advanceEntry)) {
            entries++;
            limits.checkEntries(entries);
            if (!isFolder() && !EntryPath.parse(path()).isIgnored()) {
                return true;
            }
        }
        return false;
    }

    /// Gives the path of the present file as the archive names it.
    public abstract String path();

    /// Reads the present file, once.
    ///
    /// @throws ArchiveException when the archive goes beyond the limits
    /// @throws IOException      when the disk fails, or the thread is interrupted
    public ArchivedFile read() throws ArchiveException, IOException {
        String obstacle = obstacle();
        if (!obstacle.isEmpty()) {
            return new ArchivedFile.Unreadable(obstacle);
        }
        int maxBytes = (int) limits.maxEntryBytes();
        if (declaredBytes() > maxBytes) {
            return new ArchivedFile.TooLarge(maxBytes);
        }
        byte[] bytes;
        try (InputStream in = content()) {
            bytes = in.readNBytes(maxBytes + 1);
        } catch (FileSystemException | ClosedChannelException diskFailed) {
            throw diskFailed;
        } catch (IOException | RuntimeException damaged) {
            return new ArchivedFile.Unreadable("The archive is damaged where this file lies.");
        }
        addUnpacked(bytes.length);
        return bytes.length > maxBytes ? new ArchivedFile.TooLarge(maxBytes) : new ArchivedFile.Readable(bytes);
    }

    private void addUnpacked(long bytes) throws ArchiveException {
        unpackedBytes += bytes;
        limits.checkUnpacked(unpackedBytes);
    }

    /// Goes to the next entry of any kind.
    abstract boolean advanceEntry() throws IOException;

    abstract boolean isFolder();

    /// Says why the present entry cannot be read; empty when it can.
    abstract String obstacle();

    /// Gives the size that the archive claims for the present entry, at least 0.
    abstract long declaredBytes();

    abstract InputStream content() throws IOException;

    @FunctionalInterface
    private interface Reading<T> {
        T run() throws ArchiveException, IOException;
    }

    /// The library tells damage by exceptions of many kinds. A closed channel is none: the thread was interrupted.
    private static <T> T guarded(Reading<T> reading) throws ArchiveException, IOException {
        try {
            return reading.run();
        } catch (FileSystemException | ClosedChannelException diskFailed) {
            throw diskFailed;
        } catch (BoundedStream.ExceededException exceeded) {
            throw exceeded.asArchiveException();
        } catch (IOException | IllegalArgumentException | IllegalStateException | ArithmeticException damaged) {
            throw ArchiveException.unreadable("it is damaged or incomplete. Make it again.");
        }
    }
}
