package dev.graft.ingest.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Ends a stream by an exception before it gives more than its bound, skipped bytes included.
final class BoundedStream extends FilterInputStream {
    private final ArchiveLimits limits;
    private long passedBytes;

    BoundedStream(InputStream in, ArchiveLimits limits) {
        super(in);
        this.limits = limits;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        passed(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        passed(Math.max(count, 0));
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = in.skip(count);
        passed(skipped);
        return skipped;
    }

    private void passed(long count) throws ExceededException {
        passedBytes += count;
        try {
            limits.checkUnpacked(passedBytes);
        } catch (ArchiveException beyond) {
            throw new ExceededException(beyond);
        }
    }

    /// Carries the refusal through a library that only lets I/O exceptions pass.
    static final class ExceededException extends IOException {
        private static final long serialVersionUID = 1;

        private final ArchiveException refusal;

        ExceededException(ArchiveException refusal) {
            super(refusal);
            this.refusal = refusal;
        }

        ArchiveException asArchiveException() {
            return refusal;
        }
    }
}
