package dev.graft.ingest.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/// Unpacks all members of a gzip file as one stream, as `gzip` does (RFC 1952, section 2.2).
///
/// The JDK's own stream takes a damaged second member for the end, without a word; here it is a fault. What
/// follows the last member and is no member is reported by [#isFollowed]; zeros, which tapes leave, are
/// nothing.
final class GzipMembers extends InputStream {
    private static final int MAGIC = 0x1f8b;
    private static final int BUFFER_BYTES = 1 << 16;

    private final BufferedInputStream packed;
    private @Nullable GzipCompressorInputStream member;
    private boolean followed;

    GzipMembers(BufferedInputStream packed) throws IOException {
        this.packed = packed;
        this.member = open();
    }

    /// Says, at the end, whether data of another kind follows the last member.
    boolean isFollowed() {
        return followed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (member != null) {
            int count = member.read(buffer, offset, length);
            if (count >= 0) {
                return count;
            }
            member = hasNext() ? open() : null;
        }
        return -1;
    }

    /// A member leaves what it read too much in the buffer.
    private GzipCompressorInputStream open() throws IOException {
        return GzipCompressorInputStream.builder()
                .setInputStream(packed)
                .setBufferSize(BUFFER_BYTES)
                .setDecompressConcatenated(false)
                .get();
    }

    private boolean hasNext() throws IOException {
        packed.mark(2);
        int magic = packed.read() << 8 | packed.read();
        packed.reset();
        if (magic == MAGIC) {
            return true;
        }
        for (int b = packed.read(); b >= 0; b = packed.read()) {
            if (b != 0) {
                followed = true;
                return false;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }
}
