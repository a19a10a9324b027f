package dev.graft.ingest.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Bounds a zip's central directory before a library holds it in memory (APPNOTE 6.3.10, §4.3.14 to §4.3.16).
final class ZipDirectory {
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 65_535;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END_64_BYTES = 56;
    private static final int END_64_SIGNATURE = 0x06064b50;
    private static final long IN_END_64 = 0xFFFF_FFFFL;

    /// A directory entry has 46 bytes, a name and extra fields; this is generous for any but an attacker's.
    private static final long MEAN_ENTRY_BYTES = 512;

    /// A directory of this size names some 400,000 files, and takes about ten times as much memory when it is read.
    private static final long MAX_REGION_BYTES = 32L << 20;

    private ZipDirectory() {}

    /// Checks that what lies between the directory's start and the file's end can be held in memory. The counts that
    /// the file claims are not trusted: the region is what can be parsed.
    static void check(Path file, ArchiveLimits limits) throws ArchiveException, IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long startOffset = directoryOffset(channel);
            long regionBytes = channel.size() - MAX_COMMENT_BYTES - startOffset;
            if (regionBytes > limits.maxEntries() * MEAN_ENTRY_BYTES) {
                limits.checkEntries(Long.MAX_VALUE);
            }
            if (regionBytes > MAX_REGION_BYTES) {
                throw ArchiveException.unsafe(
                        "Its directory has more than %,d bytes. Send a tar or tar.gz, whose files are read one by one."
                                .formatted(MAX_REGION_BYTES));
            }
        }
    }

    private static long directoryOffset(FileChannel channel) throws ArchiveException, IOException {
        int tailBytes = (int) Math.min(channel.size(), END_BYTES + MAX_COMMENT_BYTES + LOCATOR_BYTES);
        ByteBuffer tail = read(channel, channel.size() - tailBytes, tailBytes);
        for (int at = tailBytes - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE) {
                long offset = Integer.toUnsignedLong(tail.getInt(at + 16));
                boolean zip64 = offset == IN_END_64
                        && at >= LOCATOR_BYTES
                        && tail.getInt(at - LOCATOR_BYTES) == LOCATOR_SIGNATURE;
                return zip64 ? directoryOffset64(channel, tail.getLong(at - LOCATOR_BYTES + 8)) : offset;
            }
        }
        throw ArchiveException.unreadable("its end is missing. Copy or download it again.");
    }

    private static long directoryOffset64(FileChannel channel, long endOffset) throws ArchiveException, IOException {
        if (endOffset >= 0 && endOffset <= channel.size() - END_64_BYTES) {
            ByteBuffer end = read(channel, endOffset, END_64_BYTES);
            if (end.getInt(0) == END_64_SIGNATURE && end.getLong(48) >= 0) {
                return end.getLong(48);
            }
        }
        throw ArchiveException.unreadable("its directory is damaged.");
    }

    private static ByteBuffer read(FileChannel channel, long offset, int sizeBytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {}
        return buffer.flip();
    }
}
