package dev.graft.vision;

/// Expands the data of a GIF frame: LZW with codes of growing length (GIF89a, appendix F).
final class GifData {
    private static final int MAX_CODES = 4096;

    /// What the tables of codes take.
    static final int TABLE_BYTES = 6 * MAX_CODES;

    private final byte[] file;
    private int position;

    /// Bytes left in the current sub-block.
    private int blockLeft;

    private int bits;
    private int bitCount;

    /// For each code the code before its last index, and that index.
    private final short[] prefixes = new short[MAX_CODES];

    private final byte[] lasts = new byte[MAX_CODES];
    private final byte[] firsts = new byte[MAX_CODES];
    private final short[] lengths = new short[MAX_CODES];

    GifData(byte[] file, int position) {
        this.file = file;
        this.position = position;
    }

    /// Expands a frame.
    ///
    /// @param count number of pixels
    /// @return a palette index for each pixel in stored order
    byte[] decode(int count) throws UndecodableImageException {
        int minimum = nextByte();
        if (minimum < 1 || minimum > 11) {
            throw UndecodableImageException.corrupt("its compression has an impossible code length");
        }
        int clear = 1 << minimum;
        int end = clear + 1;
        for (int code = 0; code < clear; code++) {
            lasts[code] = (byte) code;
            firsts[code] = (byte) code;
            lengths[code] = 1;
        }
        byte[] indexes = new byte[count];
        int size = minimum + 1;
        int next = end + 1;
        int previous = -1;
        int filled = 0;
        while (filled < count) {
            int code = nextCode(size);
            if (code == clear) {
                size = minimum + 1;
                next = end + 1;
                previous = -1;
                continue;
            }
            if (code == end) {
                throw UndecodableImageException.corrupt("its picture data end before the picture does");
            }
            if (code > next || code == next && previous < 0 || code >= MAX_CODES || code > end && previous < 0) {
                throw UndecodableImageException.corrupt("its picture data contain a code that does not exist");
            }
            if (previous >= 0 && next < MAX_CODES) {
                prefixes[next] = (short) previous;
                firsts[next] = firsts[previous];
                lasts[next] = code == next ? firsts[previous] : firsts[code];
                lengths[next] = (short) (lengths[previous] + 1);
                next++;
                if (next == 1 << size && size < 12) {
                    size++;
                }
            }
            filled = write(code, indexes, filled);
            previous = code;
        }
        return indexes;
    }

    /// Writes the indexes of a code, the last first; what is beyond the frame is dropped.
    private int write(int code, byte[] indexes, int filled) {
        int length = lengths[code];
        int at = code;
        for (int i = filled + length - 1; i >= filled; i--) {
            if (i < indexes.length) {
                indexes[i] = lasts[at];
            }
            at = prefixes[at];
        }
        return filled + length;
    }

    private int nextCode(int size) throws UndecodableImageException {
        while (bitCount < size) {
            if (blockLeft == 0) {
                blockLeft = nextByte();
                if (blockLeft == 0) {
                    throw UndecodableImageException.corrupt("its picture data end before the picture does");
                }
            }
            bits |= nextByte() << bitCount;
            bitCount += 8;
            blockLeft--;
        }
        int code = bits & ((1 << size) - 1);
        bits >>>= size;
        bitCount -= size;
        return code;
    }

    private int nextByte() throws UndecodableImageException {
        if (position >= file.length) {
            throw UndecodableImageException.truncated("it ends before the picture does");
        }
        return file[position++] & 0xFF;
    }
}
