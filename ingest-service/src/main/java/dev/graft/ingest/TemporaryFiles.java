package dev.graft.ingest;

import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/// Makes files that hold bodies for a while, in the folder of this process's own; the framework puts the files of forms
/// there, too.
@Singleton
public class TemporaryFiles {
    private static final Logger LOG = Logger.getLogger(TemporaryFiles.class);
    private static final int BUFFER_BYTES = 1 << 17;

    private final ScratchFolder folder;
    private final long maxHeldBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final Map<Path, Long> heldOf = new ConcurrentHashMap<>();

    @Inject
    TemporaryFiles(ScratchFolder folder, IngestConfig config) {
        this(folder, Math.max(config.maxTemporarySizeBytes(), config.archives().maxSizeBytes() + 1));
    }

    /// @param maxHeldBytes greatest size of all copied files together
    TemporaryFiles(ScratchFolder folder, long maxHeldBytes) {
        this.folder = folder;
        this.maxHeldBytes = maxHeldBytes;
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
            if (folder.usableBytes() < BUFFER_BYTES) {
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
    /// @throws NoRoomException when other files take all the room there is
    /// @throws IOException     when the stream or the disk fails
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
        return folder.create(".body");
    }

    /// Distinguishes a lack of room that others cause, and that passes with them, from a broken disk.
    public static final class NoRoomException extends IOException {
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

    /// Distinguishes a broken body from a broken disk.
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
}
