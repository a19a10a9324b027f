package dev.graft.vision.jpeg;

/// Decodes the codes of one Huffman table (T.81, annexes C and F.2.2.3), most of them by one look-up.
final class HuffmanTable {
    static final int LOOKUP_BITS = 11;
    private static final int MAX_CODE_BITS = 16;

    /// For the next [#LOOKUP_BITS] bits of the stream, one of:
    /// - a code whose coefficient follows within these bits: value << 16 | run << 8 | bits of both, value not 0;
    /// - a code without its coefficient: symbol << 8 | bits of the code;
    /// - 0 when the code is longer.
    final int[] lookup = new int[1 << LOOKUP_BITS];

    private final byte[] symbols;

    /// For each length, the first 16-bit-aligned number above its codes.
    private final int[] limits = new int[MAX_CODE_BITS + 2];

    /// For each length, what to add to a code to get the index of its symbol.
    private final int[] symbolOffsets = new int[MAX_CODE_BITS + 1];

    /// Builds a table.
    ///
    /// @param counts number of codes of length 1 … 16
    /// @param symbols symbols in order of their codes
    HuffmanTable(int[] counts, byte[] symbols) throws JpegException {
        this.symbols = symbols;
        int code = 0;
        int index = 0;
        for (int length = 1; length <= MAX_CODE_BITS; length++) {
            symbolOffsets[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, index++) {
                if (length <= LOOKUP_BITS) {
                    fillLookup(code, length, symbols[index] & 0xFF);
                }
            }
            if (code > 1 << length) {
                throw JpegException.corrupt("a Huffman table has more codes than its lengths allow");
            }
            limits[length] = code << (MAX_CODE_BITS - length);
            code <<= 1;
        }
        limits[MAX_CODE_BITS + 1] = Integer.MAX_VALUE;
    }

    private void fillLookup(int code, int length, int symbol) {
        int spare = LOOKUP_BITS - length;
        int size = symbol & 15;
        for (int suffix = 0; suffix < 1 << spare; suffix++) {
            int slot = code << spare | suffix;
            if (slot >= lookup.length) {
                return;
            }
            if (size > 0 && size <= spare) {
                int value = extend(suffix >> (spare - size), size);
                lookup[slot] = value << 16 | (symbol >> 4) << 8 | length + size;
            } else {
                lookup[slot] = symbol << 8 | length;
            }
        }
    }

    /// Checks that every symbol can be the size of a difference between first coefficients.
    HuffmanTable requireDc() throws JpegException {
        for (byte symbol : symbols) {
            if ((symbol & 0xFF) > 15) {
                throw JpegException.corrupt("a Huffman table for first coefficients has an impossible symbol");
            }
        }
        return this;
    }

    /// Returns the value of `size` bits that follow a code (T.81, figure F.12).
    static int extend(int bits, int size) {
        return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
    }

    /// Returns symbol << 8 | length of the code that the next 16 bits begin with, or −1 when there is no such code.
    int find(int next16) {
        int length = 1;
        while (next16 >= limits[length]) {
            length++;
        }
        if (length > MAX_CODE_BITS) {
            return -1;
        }
        int index = (next16 >> (MAX_CODE_BITS - length)) + symbolOffsets[length];
        return (symbols[index] & 0xFF) << 8 | length;
    }
}
