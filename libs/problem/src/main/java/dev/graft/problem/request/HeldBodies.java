package dev.graft.problem.request;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Reads bodies into memory, and bounds what all of them take of it together. A body takes what has come of it, not
/// what its client states, so that slow clients keep little. Blocks: for virtual threads, or where there are more
/// threads than bodies may be under way.
@Singleton
public class HeldBodies {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int SHARE_OF_HEAP = 8;

    private final long maxBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    @Inject
    HeldBodies(RequestLimits limits) {
        this(limits.maxHeldSizeBytes().orElse(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    HeldBodies(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// A body in memory, to be closed when its bytes are no longer needed.
    public final class Held implements AutoCloseable {
        private final byte[] bytes;

        Held(byte[] bytes) {
            this.bytes = bytes;
        }

        /// Gives the bytes.
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            heldBytes.addAndGet(-bytes.length);
        }
    }

    /// Reads a body: all of it, or one byte more than may be.
    ///
    /// @throws ProblemException [ProblemType#TOO_BUSY] when there is no room for it
    public Held read(InputStream body, int maxSizeBytes) throws IOException {
        List<byte[]> chunks = new ArrayList<>();
        int size = 0;
        try {
            while (size <= maxSizeBytes) {
                byte[] chunk = body.readNBytes(Math.min(CHUNK_BYTES, maxSizeBytes + 1 - size));
                if (chunk.length == 0) {
                    break;
                }
                take(chunk.length, size + chunk.length);
                size += chunk.length;
                chunks.add(chunk);
            }
            take(size, 2L * size);
            return new Held(joined(chunks, size));
        } finally {
            heldBytes.addAndGet(-size);
        }
    }

    private static byte[] joined(List<byte[]> chunks, int size) {
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] chunk : chunks) {
            System.arraycopy(chunk, 0, all, at, chunk.length);
            at += chunk.length;
        }
        return all;
    }

    /// A body that comes alone is let in whatever its size, which its reader bounds.
    private void take(int bytes, long ownBytes) {
        long held = heldBytes.addAndGet(bytes);
        if (held > maxBytes && held > ownBytes) {
            heldBytes.addAndGet(-bytes);
            throw new ProblemException(
                    ProblemType.TOO_BUSY,
                    "The requests under way hold %,d bytes of memory, as many as may be. Come back in a second."
                            .formatted(maxBytes));
        }
    }

    long heldBytes() {
        return heldBytes.get();
    }
}
