package dev.graft.objectstore.cdi;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
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
import java.util.Objects;
import org.jboss.logging.Logger;

/// A folder of this process's own, for files that are on their way to or from object storage. Safe for use by many
/// threads.
///
/// Beside its folder the process keeps a file locked for as long as it lives. Where such a file of the same user can be
/// locked, its process is dead, and the next one to start removes what it left: a service that is killed again and
/// again fills no disk. So several processes may share the parent of their folders.
@Singleton
public class ScratchFolder {
    /// What the names of folders begin with.
    static final String PREFIX = "graft-scratch-";

    static final String LOCK_SUFFIX = ".lock";

    private static final Logger LOG = Logger.getLogger(ScratchFolder.class);

    private final Path folder;
    private final Path lockFile;
    private final FileChannel lock;

    @Inject
    ScratchFolder(ScratchConfig config) {
        this(config.directory());
    }

    /// Makes the folder.
    ///
    /// @param folder its name begins with [#PREFIX], and no other process has one of that name
    /// @throws UncheckedIOException when nothing can be written there, or another process has it
    public ScratchFolder(Path folder) {
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

    /// Makes an empty file, which the caller deletes when it is no longer needed.
    ///
    /// @param suffix what its name ends with
    public Path create(String suffix) throws IOException {
        return Files.createTempFile(folder, "", suffix);
    }

    /// Returns the room that is left on the disk, in bytes.
    public long usableBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /// A process that looks for leftovers may lock and remove the file in the moment before it is locked here.
    private static FileChannel lock(Path file) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            if (channel.tryLock() == null) {
                channel.close();
                throw new IOException("another process has locked " + file);
            }
            if (Files.exists(file)) {
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

    /// Removes the folder with all that is in it.
    @PreDestroy
    public void close() throws IOException {
        try (lock) {
            remove(folder);
            Files.deleteIfExists(lockFile);
        }
    }
}
