package dev.graft.ingest.imports;

import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.TemporaryFiles;
import dev.graft.ingest.archive.ArchiveFormat;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreUnavailableException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.UUID;

/// Moves archives between senders, this machine's disk and object storage, never through memory. Blocks; not
/// for event loops.
@Singleton
class ImportArchives {
    private static final String OPAQUE = "application/octet-stream";

    private final ObjectStore objects;
    private final ImportJobs jobs;
    private final Transactions transactions;
    private final TemporaryFiles files;
    private final long maxSizeBytes;

    ImportArchives(
            ObjectStore objects,
            ImportJobs jobs,
            Transactions transactions,
            TemporaryFiles files,
            IngestConfig config) {
        this.objects = objects;
        this.jobs = jobs;
        this.transactions = transactions;
        this.files = files;
        this.maxSizeBytes = config.archives().maxSizeBytes();
    }

    /// An archive on this machine's disk.
    ///
    /// @param digest SHA-256, hex
    record Received(Path file, String digest) {}

    /// Takes an archive from its sender.
    ///
    /// @throws ProblemException when it is too large, no archive at all, or the disk is full
    Received receive(InputStream body) throws IOException {
        MessageDigest digest = Sha256.digest();
        Path file = files.receive(new DigestInputStream(body, digest), maxSizeBytes);
        try {
            if (Files.size(file) > maxSizeBytes) {
                throw new ProblemException(
                        ProblemType.CONTENT_TOO_LARGE,
                        "The archive has more than %,d bytes. Split it.".formatted(maxSizeBytes));
            }
            if (ArchiveFormat.of(file).isEmpty()) {
                throw new ProblemException(
                        ProblemType.ARCHIVE_UNREADABLE,
                        "The body is no zip, tar or tar.gz, or is damaged at its start.");
            }
            return new Received(file, Sha256.hex(digest));
        } catch (IOException | RuntimeException failed) {
            files.discard(file);
            throw failed;
        }
    }

    /// Puts an import's archive where any worker finds it.
    void store(UUID importId, Path file) {
        objects.put(ObjectKeys.importArchive(importId.toString()), ObjectContent.of(file, OPAQUE));
    }

    /// Gets an import's archive from object storage.
    ///
    /// @throws ObjectStoreUnavailableException when it does not come to its end now
    /// @throws TemporaryFiles.NoRoomException when other files take all the room there is
    /// @throws IOException when the disk fails
    Path fetch(UUID importId) throws IOException {
        try (InputStream in = new StoredStream(objects.open(ObjectKeys.importArchive(importId.toString())))) {
            return files.copy(in, maxSizeBytes);
        }
    }

    /// Tells an object store that went away from a broken disk.
    private static final class StoredStream extends FilterInputStream {
        StoredStream(InputStream object) {
            super(object);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                return in.read(buffer, offset, length);
            } catch (IOException cut) {
                throw new ObjectStoreUnavailableException("the stream of an archive ended early", cut);
            }
        }
    }

    /// Removes the archive of an import that ended. The row remembers it for a while: the same request, sent
    /// again while it ran, may still be storing the archive another time.
    void remove(UUID importId) {
        objects.delete(ObjectKeys.importArchive(importId.toString()));
    }

    /// Removes the archive of an import that ended long ago, for good.
    void forget(UUID importId) {
        remove(importId);
        transactions.call(session -> jobs.forgetArchive(session, importId));
    }

    /// Removes a file from this machine's disk.
    void discard(Path file) {
        files.discard(file);
    }
}
