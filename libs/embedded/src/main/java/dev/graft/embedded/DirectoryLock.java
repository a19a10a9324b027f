package dev.graft.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a directory for one running server. The operating system lets go of it when the process dies, however it dies.
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "in-use";

    /// Channels to files that this process has locked by another channel. A process that closes any descriptor of a
    /// file gives up all its locks on it (fcntl(2)), so that another one would take the directory of a server that
    /// runs here for left over; and a channel that nobody refers to is closed by the collector.
    private static final Set<FileChannel> NEVER_CLOSED = ConcurrentHashMap.newKeySet();

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Says that somebody alive holds the lock.
    static final class HeldException extends IOException {
        private static final long serialVersionUID = 1L;

        HeldException(String message) {
            super(message);
        }
    }

    /// Says whether anybody ever took the lock of a directory.
    static boolean wasTaken(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /// Takes the lock of an existing directory.
    ///
    /// @throws IOException when this or another process holds it
    static DirectoryLock take(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            NEVER_CLOSED.add(channel);
            throw new HeldException("a server of this process already uses the directory");
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new HeldException("a server of another process already uses the directory");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
