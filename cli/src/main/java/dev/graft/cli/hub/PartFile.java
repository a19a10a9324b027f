package dev.graft.cli.hub;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file that arrives in pieces, perhaps in several runs, and beside it what shows whether it is still the
/// same file. It belongs to one process at a time, which the operating system sees to, however the process
/// ends.
public final class PartFile implements AutoCloseable {
    private final Path path;
    private final Path validator;
    private final FileChannel lock;

    private PartFile(Path path, FileChannel lock) {
        this.path = path;
        this.validator = path.resolveSibling(path.getFileName() + ".validator");
        this.lock = lock;
    }

    /// Takes possession of a part. While another process has it, this waits.
    ///
    /// @param path    of the part, which need not exist, in a folder that does
    /// @param waiting called when another process has it
    /// @throws IOException when the folder cannot be written
    public static PartFile take(Path path, Runnable waiting) throws IOException {
        FileChannel channel = FileChannel.open(
                path.resolveSibling(path.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                waiting.run();
                lock = channel.lock();
            }
            taken = lock.isValid();
            return new PartFile(path, channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    /// Gives where it lies.
    public Path path() {
        return path;
    }

    /// Gives how much has arrived.
    public long sizeBytes() throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    /// Gives what identifies the file on its server; nothing when the part cannot be continued.
    @Nullable
    String validator() throws IOException {
        return Files.exists(validator) ? Files.readString(validator) : null;
    }

    /// Begins again with an empty file.
    ///
    /// @param newValidator what identifies the file on its server; absent: it cannot be continued
    void begin(@Nullable String newValidator) throws IOException {
        discard();
        if (newValidator != null) {
            Files.writeString(validator, newValidator);
        }
    }

    /// Opens it to take what comes next.
    OutputStream append() throws IOException {
        return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /// Forgets what has arrived.
    public void discard() throws IOException {
        // In this order: a part without its validator is never continued.
        Files.deleteIfExists(validator);
        Files.deleteIfExists(path);
    }

    /// Lets the next one have it, with what has arrived.
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
