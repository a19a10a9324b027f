package dev.graft.ingest.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/// Where a zip's central directory lies (APPNOTE 6.3.10, §4.3.14 to §4.3.16).
///
/// @param startOffset of the directory in the file
/// @param sizeBytes   of the directory
/// @param shiftBytes  what lies before the zip itself: all offsets in it are too small by that
record ZipDirectory(long startOffset, long sizeBytes, long shiftBytes) {
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 65_535;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END_64_BYTES = 56;
    private static final int END_64_SIGNATURE = 0x06064b50;
    private static final int IN_END_64_SHORT = 0xFFFF;
    private static final long IN_END_64 = 0xFFFF_FFFFL;

    /// Finds the directory from the end of the file.
    static ZipDirectory find(FileChannel channel) throws ArchiveException, IOException {
        int tailBytes = (int) Math.min(channel.size(), END_BYTES + MAX_COMMENT_BYTES + LOCATOR_BYTES);
        long tailOffset = channel.size() - tailBytes;
        ByteBuffer tail = read(channel, tailOffset, tailBytes);
        int end = end(tail);
        if (end < 0) {
            throw ArchiveException.unreadable("its end is missing. Copy or download it again.");
        }
        long sizeBytes = Integer.toUnsignedLong(tail.getInt(end + 12));
        long offset = Integer.toUnsignedLong(tail.getInt(end + 16));
        int locator = end - LOCATOR_BYTES;
        boolean zip64 = (sizeBytes == IN_END_64 || offset == IN_END_64 || entries(tail, end) == IN_END_64_SHORT)
                && locator >= 0
                && tail.getInt(locator) == LOCATOR_SIGNATURE;
        if (zip64) {
            return find64(channel, tail.getLong(locator + 8), tailOffset + locator);
        }
        if (tail.getShort(end + 4) != 0) {
            throw ArchiveException.unreadable("it is a part of a larger one. Put the parts together first.");
        }
        return of(tailOffset + end, sizeBytes, offset);
    }

    /// A comment may hold the signature, and data may follow the zip: the end that reaches the end of the file
    /// is the right one, or else the last.
    private static int end(ByteBuffer tail) {
        int last = -1;
        for (int at = tail.limit() - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE) {
                last = Math.max(last, at);
                if (at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) == tail.limit()) {
                    return at;
                }
            }
        }
        return last;
    }

    private static int entries(ByteBuffer tail, int end) {
        return Short.toUnsignedInt(tail.getShort(end + 10));
    }

    /// What lies before the zip shifts the place that the locator says; the record then lies right before the
    /// locator.
    private static ZipDirectory find64(FileChannel channel, long saidOffset, long locatorOffset)
            throws ArchiveException, IOException {
        for (long at : new long[] {saidOffset, locatorOffset - END_64_BYTES}) {
            if (at >= 0 && at <= channel.size() - END_64_BYTES) {
                ByteBuffer end = read(channel, at, END_64_BYTES);
                if (end.limit() == END_64_BYTES && end.getInt(0) == END_64_SIGNATURE) {
                    return of(at, end.getLong(40), end.getLong(48));
                }
            }
        }
        throw ArchiveException.unreadable("its directory is damaged.");
    }

    /// The directory ends where its end record begins.
    private static ZipDirectory of(long endOffset, long sizeBytes, long saidOffset) throws ArchiveException {
        long startOffset = endOffset - sizeBytes;
        long shiftBytes = startOffset - saidOffset;
        if (sizeBytes < 0 || saidOffset < 0 || startOffset < 0 || shiftBytes < 0) {
            throw ArchiveException.unreadable("its directory is damaged.");
        }
        return new ZipDirectory(startOffset, sizeBytes, shiftBytes);
    }

    static ByteBuffer read(FileChannel channel, long offset, int sizeBytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {}
        return buffer.flip();
    }
}
