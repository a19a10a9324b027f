package dev.graft.vision.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Reads the entropy-coded data of one scan, one restart interval after the other, with byte stuffing removed.
///
/// [#bits] holds the next [#count] bits of the stream at its upper end. Code that decodes a block copies the
/// fields into local variables and back: that is what makes it fast. Behind the data lie [#PADDING] zero bytes,
/// so that one check an MCU is enough.
final class BitReader {
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// More than ten blocks of 64 codes and coefficients of 32 bits each.
    static final int PADDING = 4096;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    final byte[] data;
    long bits;
    int count;
    int position;

    private final byte[] file;
    private int filePosition;
    private int end;

    /// Starts at the first byte behind a scan's header.
    BitReader(byte[] file, int filePosition) {
        this.file = file;
        this.filePosition = filePosition;
        this.data = new byte[file.length - filePosition + PADDING];
        load();
    }

    /// Returns where in the file the marker stands that ended the data, or the file's length when none did.
    int filePosition() {
        return filePosition;
    }

    /// Goes on behind a restart marker.
    ///
    /// @param number the expected number of the marker, modulo 8
    void restart(int number) throws JpegException {
        if (filePosition >= file.length) {
            throw JpegException.truncated("its picture data end too early");
        }
        if ((file[filePosition + 1] & 0xFF) != 0xD0 + (number & 7)) {
            throw JpegException.corrupt("a restart marker is missing in its picture data");
        }
        filePosition += 2;
        load();
    }

    /// Copies the data up to the next marker.
    private void load() {
        int to = 0;
        int from = filePosition;
        while (true) {
            int stop = indexOfMarkerByte(from);
            System.arraycopy(file, from, data, to, stop - from);
            to += stop - from;
            int next = stop + 1;
            while (next < file.length && file[next] == (byte) 0xFF) {
                next++;
            }
            if (next >= file.length) {
                filePosition = file.length;
                break;
            }
            if (file[next] != 0) {
                filePosition = next - 1;
                break;
            }
            data[to++] = (byte) 0xFF;
            from = next + 1;
        }
        end = to;
        int dirty = Math.min(data.length, to + PADDING);
        Arrays.fill(data, to, dirty, (byte) 0);
        position = 0;
        bits = 0;
        count = 0;
    }

    private int indexOfMarkerByte(int from) {
        int at = from;
        for (; at + 8 <= file.length; at += 8) {
            long inverted = ~(long) LONGS.get(file, at);
            if (((inverted - ONES) & ~inverted & HIGH_BITS) != 0) {
                break;
            }
        }
        while (at < file.length && file[at] != (byte) 0xFF) {
            at++;
        }
        return at;
    }

    /// Checks that no bit behind the end of the data has been used.
    void checkNotOverrun() throws JpegException {
        if (position - (count >> 3) > end) {
            throw filePosition >= file.length
                    ? JpegException.truncated("its picture data end too early")
                    : JpegException.corrupt("its picture data end before the picture does");
        }
    }

    /// Makes at least 56 bits available.
    void refill() {
        bits |= (long) LONGS.get(data, position) >>> count;
        position += (63 - count) >> 3;
        count |= 56;
    }

    /// Reads one code and returns its symbol.
    int symbol(HuffmanTable table) throws JpegException {
        if (count < 32) {
            refill();
        }
        int found = table.find((int) (bits >>> 48));
        if (found < 0) {
            throw badCode();
        }
        skip(found & 0xFF);
        return found >> 8;
    }

    /// Reads the difference of a first coefficient from the one before it.
    int difference(HuffmanTable table) throws JpegException {
        if (count < 32) {
            refill();
        }
        int entry = table.lookup[(int) (bits >>> (64 - HuffmanTable.LOOKUP_BITS))];
        if (entry >> 16 != 0) {
            skip(entry & 0xFF);
            return entry >> 16;
        }
        return receiveExtended(symbol(table));
    }

    /// Reads `size` bits, at most 16.
    int receive(int size) {
        if (size == 0) {
            return 0;
        }
        if (count < 32) {
            refill();
        }
        int value = (int) (bits >>> (64 - size));
        skip(size);
        return value;
    }

    /// Reads `size` bits as the coefficient that they stand for.
    int receiveExtended(int size) {
        return size == 0 ? 0 : HuffmanTable.extend(receive(size), size);
    }

    private void skip(int size) {
        bits <<= size;
        count -= size;
    }

    static JpegException badCode() {
        return JpegException.corrupt("its picture data contain a code that does not exist");
    }
}
