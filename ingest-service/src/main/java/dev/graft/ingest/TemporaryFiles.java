package dev.graft.ingest;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Makes files that hold bodies for a while, in a folder of this process's own; the framework puts the files of
/// forms there, too.
///
/// Beside its folder the process keeps a file locked for as long as it lives. Where such a file of the same
/// user can be locked, its process is dead, and the next one to start removes what it left. So several
/// processes may share the parent of their folders.
@Singleton
public class TemporaryFiles {
    /// What the names of folders begin with.
    static final String PREFIX = "graft-ingest-";

    static final String LOCK_SUFFIX = ".lock";

    private static final Logger LOG = Logger.getLogger(TemporaryFiles.class);
    private static final int BUFFER_BYTES = 1 << 17;

    private final Path folder;
    private final Path lockFile;
    private final FileChannel lock;
    private final long maxHeldBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final Map<Path, Long> heldOf = new ConcurrentHashMap<>();

    @Inject
    TemporaryFiles(@ConfigProperty(name = "quarkus.http.body.uploads-directory") Path folder, IngestConfig config) {
        this(folder, Math.max(config.maxTemporarySizeBytes(), config.archives().maxSizeBytes() + 1));
    }

    /// @param folder       where the framework puts the files of forms: a folder whose name no other process has
    /// @param maxHeldBytes greatest size of all copied files together
    /// @throws UncheckedIOException when nothing can be written there
    TemporaryFiles(Path folder, long maxHeldBytes) {
        this.maxHeldBytes = maxHeldBytes;
        this.folder = folder.toAbsolutePath();
        this.lockFile = this.folder.resolveSibling(this.folder.getFileName() + LOCK_SUFFIX);
        try {
            Path parent = Objects.requireNonNull(this.folder.getParent(), "a folder has a parent");
            Files.createDirectories(parent);
            lock = lock(lockFile);
            // The framework may have made it already, for everybody to read.
            Files.createDirectories(this.folder);
            Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwx------"));
            removeLeftovers(parent);
        } catch (IOException unusable) {
            throw new UncheckedIOException("No temporary files can be kept in " + this.folder, unusable);
        }
    }

    /// Makes the folder before the first request.
    void start(@Observes StartupEvent event) {
        LOG.debugf("Temporary files folder=%s", folder);
    }

    /// Takes a body from its sender into a new file: all of it, or one byte more than may be.
    ///
    /// @throws ProblemException when the sender goes away, the disk is full, or other bodies take all the room
    public Path receive(InputStream body, long maxSizeBytes) throws IOException {
        try {
            return copy(new SentStream(body), maxSizeBytes);
        } catch (NoRoomException full) {
            throw new ProblemException(
                    ProblemType.TOO_BUSY,
                    "The bodies that are being received take all of the %,d bytes of disk that they may. Try again later."
                            .formatted(maxHeldBytes),
                    full);
        } catch (IOException failed) {
            if (Files.getFileStore(folder).getUsableSpace() < BUFFER_BYTES) {
                throw new ProblemException(
                        ProblemType.INSUFFICIENT_STORAGE,
                        "The service's disk is full. Make room, then try again.",
                        failed);
            }
            throw failed;
        }
    }

    /// Copies a stream into a new file: all of it, or one byte more than may be.
    ///
    /// @throws IOException when the stream or the disk fails, or other files take all the room there is
    public Path copy(InputStream in, long maxSizeBytes) throws IOException {
        Path file = create();
        boolean complete = false;
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long left = maxSizeBytes + 1;
            int count;
            while (left > 0 && (count = in.read(buffer, 0, (int) Math.min(buffer.length, left))) >= 0) {
                hold(file, count);
                out.write(buffer, 0, count);
                left -= count;
            }
            complete = true;
            return file;
        } finally {
            if (!complete) {
                discard(file);
            }
        }
    }

    /// Makes an empty file.
    public Path create() throws IOException {
        return Files.createTempFile(folder, "body-", ".tmp");
    }

    /// Tells a lack of room that others cause from a broken disk.
    private static final class NoRoomException extends IOException {
        private static final long serialVersionUID = 1L;

        NoRoomException(long maxHeldBytes) {
            super("temporary files take %,d bytes already".formatted(maxHeldBytes));
        }
    }

    private void hold(Path file, long bytes) throws NoRoomException {
        if (heldBytes.addAndGet(bytes) > maxHeldBytes) {
            heldBytes.addAndGet(-bytes);
            throw new NoRoomException(maxHeldBytes);
        }
        heldOf.merge(file, bytes, Long::sum);
    }

    /// Removes a file, or leaves it to the end of the process, or to the next start.
    public void discard(Path file) {
        try {
            Files.deleteIfExists(file);
            Long held = heldOf.remove(file);
            if (held != null) {
                heldBytes.addAndGet(-held);
            }
        } catch (IOException stuck) {
            LOG.warnf("Temporary file stays reason=%s", stuck);
        }
    }

    /// A process that looks for leftovers may lock and remove the file in the moment before it is locked here.
    private static FileChannel lock(Path file) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            if (channel.tryLock() != null && Files.exists(file)) {
                return channel;
            }
            channel.close();
        }
    }

    private void removeLeftovers(Path parent) throws IOException {
        UserPrincipal self = Files.getOwner(lockFile);
        try (DirectoryStream<Path> lockFiles = Files.newDirectoryStream(parent, PREFIX + "*" + LOCK_SUFFIX)) {
            for (Path found : lockFiles) {
                if (!found.equals(lockFile)) {
                    removeLeftover(found, self);
                }
            }
        }
    }

    private static void removeLeftover(Path found, UserPrincipal self) {
        try {
            if (!Files.getOwner(found, LinkOption.NOFOLLOW_LINKS).equals(self)) {
                return;
            }
            try (FileChannel channel = FileChannel.open(found, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                if (channel.tryLock() != null) {
                    String name = found.getFileName().toString();
                    remove(found.resolveSibling(name.substring(0, name.length() - LOCK_SUFFIX.length())));
                    Files.deleteIfExists(found);
                    LOG.infof("Temporary files of a dead process removed folder=%s", name);
                }
            }
        } catch (IOException | OverlappingFileLockException inUse) {
            LOG.debugf("Temporary files stay file=%s reason=%s", found, inUse);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    /// Tells a broken body from a broken disk.
    private static final class SentStream extends FilterInputStream {
        SentStream(InputStream body) {
            super(body);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                return in.read(buffer, offset, length);
            } catch (IOException cut) {
                LOG.debugf("Body cut off reason=%s", cut);
                throw new ProblemException(
                        ProblemType.INVALID_REQUEST, "The body ended before it was complete. Send it again.");
            }
        }
    }

    @PreDestroy
    void close() throws IOException {
        try (lock) {
            remove(folder);
            Files.deleteIfExists(lockFile);
        }
    }
}
