package dev.graft.ingest.imports;

import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.TemporaryFiles;
import dev.graft.ingest.archive.ArchiveFormat;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.UUID;

/// Moves archives between senders, this machine's disk and object storage, never through memory. Blocks; not for event
/// loops.
@Singleton
class ImportArchives {
    private static final String OPAQUE = "application/octet-stream";
    private static final int BUFFER_BYTES = 1 << 17;

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
        Path file = files.create("graft-import-");
        try {
            MessageDigest digest = Sha256.digest();
            try (InputStream in = new DigestInputStream(body, digest);
                    OutputStream out = Files.newOutputStream(file)) {
                copy(in, out);
            }
            if (ArchiveFormat.of(file).isEmpty()) {
                throw new ProblemException(
                        ProblemType.ARCHIVE_UNREADABLE,
                        "The body is no zip, tar or tar.gz, or is damaged at its start.");
            }
            return new Received(file, Sha256.hex(digest));
        } catch (IOException | RuntimeException failed) {
            files.discard(file);
            if (failed instanceof IOException && isDiskFull(file)) {
                throw new ProblemException(
                        ProblemType.INSUFFICIENT_STORAGE,
                        "The service's disk is full. Make room, then try again.",
                        failed);
            }
            throw failed;
        }
    }

    private void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            total += count;
            if (total > maxSizeBytes) {
                throw new ProblemException(
                        ProblemType.CONTENT_TOO_LARGE,
                        "The archive has more than %,d bytes. Split it.".formatted(maxSizeBytes));
            }
            out.write(buffer, 0, count);
        }
    }

    private static boolean isDiskFull(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.getFileStore(folder).getUsableSpace() < BUFFER_BYTES;
    }

    /// Puts an import's archive where any worker finds it.
    void store(UUID importId, Path file) {
        objects.put(ObjectKeys.importArchive(importId.toString()), ObjectContent.of(file, OPAQUE));
    }

    /// Gets an import's archive from object storage.
    Path fetch(UUID importId) throws IOException {
        Path file = files.create("graft-import-");
        try (InputStream in = objects.open(ObjectKeys.importArchive(importId.toString()))) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException | RuntimeException failed) {
            files.discard(file);
            throw failed;
        }
    }

    /// Removes the archive of an import that ended.
    void remove(UUID importId) {
        objects.delete(ObjectKeys.importArchive(importId.toString()));
        transactions.call(session -> jobs.forgetArchive(session, importId));
    }

    /// Removes a file from this machine's disk.
    void discard(Path file) {
        files.discard(file);
    }
}
