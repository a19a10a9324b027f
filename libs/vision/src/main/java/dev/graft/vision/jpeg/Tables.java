package dev.graft.vision.jpeg;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps the tables that segments define and scans use (T.81, B.2.4). Once it is read by
/// [JpegDecoder#readTables(byte\[\])] it does not change: decoders take copies of it.
public final class Tables {
    private static final int SLOTS = 4;

    /// Room behind the 64 steps for runs that end beyond a block.
    private static final int STEPS = Zigzag.NATURAL.length;

    /// The codes of a table, which is built once, however many scans and pictures use it. Safe for many
    /// threads.
    static final class Codes {
        private final int[] counts;
        private final byte[] symbols;
        private volatile @Nullable HuffmanTable built;

        /// Keeps codes.
        ///
        /// @param counts number of codes of length 1 … 16
        /// @param symbols symbols in order of their codes
        Codes(int[] counts, byte[] symbols) {
            this.counts = counts;
            this.symbols = symbols;
        }

        HuffmanTable table() throws JpegException {
            HuffmanTable table = built;
            if (table == null) {
                table = new HuffmanTable(counts, symbols);
                built = table;
            }
            return table;
        }
    }

    private final int[] @Nullable [] steps;
    private final @Nullable Codes[] dc;
    private final @Nullable Codes[] ac;
    private int restartInterval;

    Tables() {
        this(new int[SLOTS][], new Codes[SLOTS], new Codes[SLOTS], 0);
    }

    private Tables(int[] @Nullable [] steps, @Nullable Codes[] dc, @Nullable Codes[] ac, int restartInterval) {
        this.steps = steps;
        this.dc = dc;
        this.ac = ac;
        this.restartInterval = restartInterval;
    }

    /// Returns the same tables, to which others can be added.
    Tables copy() {
        return new Tables(steps.clone(), dc.clone(), ac.clone(), restartInterval);
    }

    int restartInterval() {
        return restartInterval;
    }

    void readQuantisation(Segments segments) throws JpegException {
        while (segments.remaining() > 0) {
            int head = segments.u8();
            boolean wide = head >> 4 != 0;
            segments.require(wide ? 128 : 64);
            int[] table = new int[STEPS];
            for (int i = 0; i < 64; i++) {
                table[i] = wide ? segments.u16() : segments.u8();
            }
            if ((head & 15) >= SLOTS) {
                throw JpegException.corrupt("it has too many quantisation tables");
            }
            steps[head & 15] = table;
        }
    }

    /// Keeps the codes unchecked: only a table that a scan uses has to be good.
    void readHuffman(Segments segments) throws JpegException {
        while (segments.remaining() > 16) {
            int head = segments.u8();
            int[] counts = new int[16];
            int total = 0;
            for (int i = 0; i < 16; i++) {
                counts[i] = segments.u8();
                total += counts[i];
            }
            if (total > 256 || total > segments.remaining() || (head & 0xEF) >= SLOTS) {
                throw JpegException.corrupt("a Huffman table is damaged");
            }
            (head < 16 ? dc : ac)[head & 15] = new Codes(counts, segments.bytes(total));
        }
    }

    void readRestartInterval(Segments segments) throws JpegException {
        segments.require(2);
        restartInterval = segments.u16();
    }

    int[] quantisation(int index) throws JpegException {
        int[] table = index < SLOTS ? steps[index] : null;
        if (table == null) {
            throw JpegException.corrupt("a quantisation table is missing");
        }
        return table;
    }

    HuffmanTable dcTable(int index, boolean progressive) throws JpegException {
        return table(dc, StandardCodes.DC, index, progressive).requireDc();
    }

    HuffmanTable acTable(int index, boolean progressive) throws JpegException {
        return table(ac, StandardCodes.AC, index, progressive);
    }

    /// Finds a table; one that a sequential picture does not define is the standard's, as frames of Motion JPEG
    /// want it (`std_huff_tables` in libjpeg-turbo's `jstdhuff.c`).
    private static HuffmanTable table(@Nullable Codes[] slots, List<Codes> standard, int index, boolean progressive)
            throws JpegException {
        Codes codes = index < SLOTS ? slots[index] : null;
        if (codes == null && !progressive && index < standard.size()) {
            codes = standard.get(index);
        }
        if (codes == null) {
            throw JpegException.corrupt("a Huffman table is missing");
        }
        return codes.table();
    }
}
