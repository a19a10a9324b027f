package dev.graft.ingest.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;

/// Reads the files of an archive one after the other, in the archive's own order, which is always the same.
///
/// Folders, hidden files and litter are passed over. An instance belongs to one thread.
public abstract sealed class ArchiveReader implements Closeable permits TarReader, ZipReader {
    private final ArchiveLimits limits;
    private long entries;
    private long headers;
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

    /// Goes through the whole archive once without reading its images.
    ///
    /// @throws ArchiveException when it is damaged, or goes beyond the limits
    /// @throws IOException      when the disk fails, or the thread is interrupted
    public static Survey survey(Path file, ArchiveLimits limits) throws ArchiveException, IOException {
        LayoutSurvey layout = new LayoutSurvey();
        Fingerprints fingerprints = new Fingerprints();
        try (ArchiveReader reader = open(file, limits)) {
            while (reader.advance()) {
                layout.see(reader.name());
                reader.addUnpacked(reader.declaredBytes());
                reader.addFingerprint(fingerprints);
            }
        }
        return new Survey(fingerprints.files(), layout.layout(), fingerprints.repeated());
    }

    /// What one walk through an archive found.
    ///
    /// @param files    how many times [ArchiveReader#advance] says true
    /// @param layout   how paths give labels
    /// @param repeated the places, counted from 0, of the files whose bytes may be equal to those of another
    public record Survey(long files, Layout layout, BitSet repeated) {}

    /// A file that is not read can have no twin.
    private void addFingerprint(Fingerprints fingerprints) throws ArchiveException, IOException {
        boolean read = declaredBytes() > 0
                && declaredBytes() <= limits.maxEntryBytes()
                && obstacle().isEmpty();
        if (read) {
            fingerprints.add(declaredBytes(), guarded(this::checksum));
        } else {
            fingerprints.addNone();
        }
    }

    /// Goes to the next file.
    ///
    /// @return false when there are no more
    /// @throws ArchiveException when the archive is damaged here, or goes beyond the limits
    /// @throws IOException      when the disk fails, or the thread is interrupted
    public boolean advance() throws ArchiveException, IOException {
        while (guarded(this::advanceEntry)) {
            entries++;
            limits.checkEntries(entries);
            if (!isFolder() && !EntryPath.parse(name().text()).isIgnored()) {
                return true;
            }
        }
        return false;
    }

    /// Counts a header that describes an entry.
    final void countHeader() throws ArchiveException {
        headers++;
        limits.checkHeaders(headers);
    }

    /// Gives the path of the present file.
    public abstract EntryName name();

    /// Reads the present file, once.
    ///
    /// @throws ArchiveException when the archive goes beyond the limits
    /// @throws IOException      when the disk fails, or the thread is interrupted
    public ArchivedFile read() throws ArchiveException, IOException {
        Optional<ArchivedFile> obstacle = obstacle();
        if (obstacle.isPresent()) {
            return obstacle.get();
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
        } catch (BoundedStream.ExceededException exceeded) {
            throw exceeded.asArchiveException();
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
    abstract boolean advanceEntry() throws ArchiveException, IOException;

    abstract boolean isFolder();

    /// Says why the present file cannot be read, before it is; empty when it can.
    public abstract Optional<ArchivedFile> obstacle();

    /// Gives the size that the archive claims for the present entry, at least 0.
    abstract long declaredBytes();

    /// Gives the CRC-32 of the present file's bytes; reading them after this is not possible.
    abstract long checksum() throws IOException;

    abstract InputStream content() throws IOException;

    @FunctionalInterface
    private interface Reading<T> {
        T run() throws ArchiveException, IOException;
    }

    /// The library reports damage by exceptions of many kinds. A closed channel is none: the thread was
    /// interrupted.
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
