package dev.graft.vision;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.stream.ImageInputStreamImpl;

/// Gives a TIFF file to a library with nothing in it but the first directory's entries that decide pixels.
///
/// A library reads every entry, every page and every directory below them, whatever their size and depth. Here further
/// directories are cut off, and entries that decide nothing, or repeat a tag, are made single bytes. What the remaining
/// entries mean is left to the library.
final class TiffInput extends ImageInputStreamImpl {
    /// More bytes of entries than any picture within reasonable limits needs: offsets and sizes of a million tiles.
    static final int MAX_ENTRY_BYTES = 8 << 20;

    /// The library reads some kilobytes ahead in a strip or tile whose size the file does not tell.
    private static final int READ_AHEAD_BYTES = 16 << 20;

    /// More entries than any encoder writes.
    private static final int MAX_ENTRIES = 4096;

    private static final int BIG_VERSION = 43;
    private static final int TYPE_BYTE = 1;
    private static final int NO_TAG = 0xFFFF;

    private final byte[] file;
    private final byte[] directory;
    private final int directoryStart;
    private long allowedBytes = Long.MAX_VALUE;

    private TiffInput(byte[] file, byte[] directory, int directoryStart) {
        this.file = file;
        this.directory = directory;
        this.directoryStart = directoryStart;
    }

    /// Opens a file.
    ///
    /// @param tags the tags to leave
    static TiffInput of(byte[] file, Set<Integer> tags) throws UndecodableImageException {
        ByteOrder order = file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteReader reader = new ByteReader(file, order);
        boolean isBig = reader.u16(2) == BIG_VERSION;
        long start = isBig ? reader.u64(8) : reader.u32(4);
        if (start < 0 || start > file.length - (isBig ? 8L : 2L)) {
            throw UndecodableImageException.truncated("it ends before its directory begins");
        }
        long entries = isBig ? reader.u64(start) : reader.u16(start);
        if (entries < 1 || entries > MAX_ENTRIES) {
            throw UndecodableImageException.corrupt("its directory has an impossible size");
        }
        int headBytes = isBig ? 8 : 2;
        int entryBytes = isBig ? 20 : 12;
        long end = start + headBytes + entries * entryBytes;
        if (end > file.length) {
            throw UndecodableImageException.truncated("it ends before its directory does");
        }
        // The offset of the next directory, which stays zero.
        int nextBytes = isBig ? 8 : 4;
        byte[] directory =
                Arrays.copyOf(Arrays.copyOfRange(file, (int) start, (int) end), (int) (end - start) + nextBytes);
        Set<Integer> seen = new HashSet<>();
        for (int at = headBytes; at < directory.length - nextBytes; at += entryBytes) {
            int tag = reader.u16(start + at);
            if (!tags.contains(tag) || !seen.add(tag)) {
                put(directory, at, 2, NO_TAG, order);
                put(directory, at + 2, 2, TYPE_BYTE, order);
                put(directory, at + 4, isBig ? 8 : 4, 1, order);
            }
        }
        TiffInput input = new TiffInput(file, directory, (int) start);
        input.setByteOrder(order);
        return input;
    }

    private static void put(byte[] bytes, int at, int size, int value, ByteOrder order) {
        for (int i = 0; i < size; i++) {
            int shift = 8 * (order == ByteOrder.LITTLE_ENDIAN ? i : size - 1 - i);
            bytes[at + i] = (byte) (shift < Integer.SIZE ? value >> shift : 0);
        }
    }

    /// Lets no more be read than entries may have together.
    TiffInput forEntriesOnly() {
        allowedBytes = MAX_ENTRY_BYTES;
        return this;
    }

    /// Lets no more be read than a pass over a picture takes: its entries, the file, and as much as its samples
    /// once more, for parts that are alike may lie in the same bytes. Without a bound many parts could lie in
    /// the same megabytes of codes that give no sample.
    TiffInput forSamples(long sampleBytes) {
        allowedBytes = (long) MAX_ENTRY_BYTES + file.length + sampleBytes + READ_AHEAD_BYTES;
        return this;
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        checkClosed();
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        if (streamPos >= length()) {
            return -1;
        }
        int from = (int) streamPos;
        int size = (int) Math.min(length, length() - streamPos);
        allowedBytes -= size;
        if (allowedBytes < 0) {
            throw new IOException("more of it is read than a picture needs");
        }
        int ofFile = Math.clamp((long) file.length - from, 0, size);
        System.arraycopy(file, from, target, offset, ofFile);
        int first = Math.max(from, directoryStart);
        int last = Math.min(from + size, directoryStart + directory.length);
        if (first < last) {
            System.arraycopy(directory, first - directoryStart, target, offset + first - from, last - first);
        }
        streamPos += size;
        return size;
    }

    /// A directory that ends with the file has its end behind it.
    @Override
    public long length() {
        return Math.max(file.length, directoryStart + directory.length);
    }
}
