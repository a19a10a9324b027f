package dev.graft.cli.folder;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/// Reports how far a stream has been read.
public final class CountingStream extends FilterInputStream {
    private final LongConsumer progress;
    private long readBytes;

    /// Counts what is read of a stream.
    ///
    /// @param progress receives how many bytes have been read so far
    public CountingStream(InputStream in, LongConsumer progress) {
        super(in);
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        count(Math.max(0, count));
        return count;
    }

    private void count(int bytes) {
        readBytes += bytes;
        progress.accept(readBytes);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
