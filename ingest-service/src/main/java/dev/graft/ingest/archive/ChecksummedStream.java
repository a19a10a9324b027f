package dev.graft.ingest.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/// Compares what was read with the checksum that the archive keeps, at the end of the file.
final class ChecksummedStream extends FilterInputStream {
    private final CRC32 seen = new CRC32();
    private final long expected;

    ChecksummedStream(InputStream in, long expected) {
        super(in);
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        if (value < 0) {
            compare();
        } else {
            seen.update(value);
        }
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count < 0) {
            compare();
        } else {
            seen.update(buffer, offset, count);
        }
        return count;
    }

    private void compare() throws ZipException {
        if (seen.getValue() != expected) {
            throw new ZipException("checksum differs");
        }
    }
}
