package dev.graft.ingest.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Reads a part of a file, of which other parts are read at the same time.
final class FileRegion extends InputStream {
    private final FileChannel channel;
    private final long endOffset;
    private long offset;

    FileRegion(FileChannel channel, long startOffset, long sizeBytes) {
        this.channel = channel;
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
        return count;
    }
}
