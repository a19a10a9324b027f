package dev.graft.vision.webp;

/// Decodes the symbols of one prefix code (RFC 9649, section 3.7.2.1).
final class PrefixCode {
    private static final int MAX_BITS = 15;
    private static final int MAX_LOOKUP_BITS = 8;
    private static final int[] NO_COUNTS = {};
    private static final int[] LENGTHS_ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    private static final char[] NO_SYMBOLS = {};

    /// For the next [#lookupBits] bits: symbol << 4 | length of its code, or 0 when the code is longer. No larger than
    /// the longest code needs: a picture may have thousands of codes.
    private final char[] lookup;

    private final int lookupBits;

    /// Number of codes of each length.
    private final int[] counts;

    /// Symbols in the order of their codes.
    private final char[] sorted;

    /// The only symbol, which then takes no bits, or −1.
    private final int single;

    private PrefixCode(int single) {
        this.single = single;
        lookup = NO_SYMBOLS;
        lookupBits = 0;
        counts = NO_COUNTS;
        sorted = NO_SYMBOLS;
    }

    private PrefixCode(int[] lengths, int used, int longest) throws WebpException {
        single = -1;
        counts = new int[MAX_BITS + 1];
        for (int length : lengths) {
            counts[length]++;
        }
        counts[0] = 0;
        int[] next = new int[MAX_BITS + 2];
        int space = 0;
        for (int length = 1; length <= MAX_BITS; length++) {
            next[length + 1] = next[length] + counts[length];
            space += counts[length] << (MAX_BITS - length);
        }
        if (space != 1 << MAX_BITS) {
            throw new WebpException("a prefix code is incomplete or has too many codes");
        }
        sorted = new char[used];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                sorted[next[lengths[symbol]]++] = (char) symbol;
            }
        }
        lookupBits = Math.min(longest, MAX_LOOKUP_BITS);
        lookup = new char[1 << lookupBits];
        fillLookup();
    }

    /// Makes a code of the length of each symbol's code, 0 for those that it has not.
    private static PrefixCode of(int[] lengths) throws WebpException {
        int used = 0;
        int last = 0;
        int longest = 0;
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                used++;
                last = symbol;
                longest = Math.max(longest, lengths[symbol]);
            }
        }
        return used <= 1 ? new PrefixCode(last) : new PrefixCode(lengths, used, longest);
    }

    private void fillLookup() {
        int code = 0;
        int index = 0;
        for (int length = 1; length <= lookupBits; length++) {
            for (int i = 0; i < counts[length]; i++, code++, index++) {
                int reversed = Integer.reverse(code) >>> (32 - length);
                for (int at = reversed; at < lookup.length; at += 1 << length) {
                    lookup[at] = (char) (sorted[index] << 4 | length);
                }
            }
            code <<= 1;
        }
    }

    /// Reads the description of a code.
    ///
    /// @param symbols size of its alphabet
    static PrefixCode read(BitInput in, int symbols) throws WebpException {
        if (in.flag()) {
            int count = in.read(1) + 1;
            int first = in.read(in.flag() ? 8 : 1);
            int second = count == 2 ? in.read(8) : first;
            if (first >= symbols || second >= symbols) {
                throw new WebpException("a prefix code names a symbol that does not exist");
            }
            if (first == second) {
                return new PrefixCode(first);
            }
            int[] pair = new int[Math.max(first, second) + 1];
            pair[first] = 1;
            pair[second] = 1;
            return of(pair);
        }
        int[] lengthLengths = new int[LENGTHS_ORDER.length];
        int count = 4 + in.read(4);
        for (int i = 0; i < count; i++) {
            lengthLengths[LENGTHS_ORDER[i]] = in.read(3);
        }
        int[] lengths = new int[symbols];
        readLengths(in, of(lengthLengths), lengths);
        return of(lengths);
    }

    private static void readLengths(BitInput in, PrefixCode code, int[] lengths) throws WebpException {
        int left = lengths.length;
        if (in.flag()) {
            int size = 2 + 2 * in.read(3);
            left = 2 + in.read(size);
        }
        int previous = 8;
        for (int symbol = 0; symbol < lengths.length && left > 0; left--) {
            int length = code.read(in);
            if (length < 16) {
                lengths[symbol++] = length;
                previous = length == 0 ? previous : length;
                continue;
            }
            int repeats = switch (length) {
                case 16 -> 3 + in.read(2);
                case 17 -> 3 + in.read(3);
                default -> 11 + in.read(7);
            };
            if (symbol + repeats > lengths.length) {
                throw new WebpException("a prefix code has too many lengths");
            }
            for (int i = 0; i < repeats; i++) {
                lengths[symbol++] = length == 16 ? previous : 0;
            }
        }
    }

    /// Reads one symbol.
    int read(BitInput in) {
        if (single >= 0) {
            return single;
        }
        int next = in.peek();
        int entry = lookup[next & (lookup.length - 1)];
        if (entry != 0) {
            in.take(entry & 15);
            return entry >> 4;
        }
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= MAX_BITS; length++) {
            code |= next >>> (length - 1) & 1;
            int offset = code - first;
            if (offset < counts[length]) {
                in.take(length);
                return sorted[index + offset];
            }
            index += counts[length];
            first = (first + counts[length]) << 1;
            code <<= 1;
        }
        throw new IllegalStateException("A complete code has a symbol for all bits");
    }
}
