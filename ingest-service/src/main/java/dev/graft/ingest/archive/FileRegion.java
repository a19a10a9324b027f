package dev.graft.ingest.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Reads a part of a file, of which other parts are read at the same time.
final class FileRegion extends InputStream {
    private final FileChannel channel;
    private final Bound bound;
    private final long endOffset;
    private long offset;

    FileRegion(FileChannel channel, Bound bound, long startOffset, long sizeBytes) {
        this.channel = channel;
        this.bound = bound;
        this.offset = startOffset;
        this.endOffset = Math.addExact(startOffset, sizeBytes);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (offset >= endOffset) {
            return -1;
        }
        int wanted = (int) Math.min(length, endOffset - offset);
        int count = channel.read(ByteBuffer.wrap(buffer, start, wanted), offset);
        offset += Math.max(0, count);
        bound.take(Math.max(0, count));
        return count;
    }

    /// Bounds what is read of all parts of a file together. Parts that lie over each other would else be read
    /// any number of times. For one thread.
    static final class Bound {
        private long leftBytes;

        Bound(long mostBytes) {
            this.leftBytes = mostBytes;
        }

        private void take(int bytes) throws BoundedStream.ExceededException {
            leftBytes -= bytes;
            if (leftBytes < 0) {
                throw new BoundedStream.ExceededException(
                        ArchiveException.unsafe("Files in it lie over each other. Make it again."));
            }
        }
    }
}
