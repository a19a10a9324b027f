package dev.graft.vision.webp;

import java.util.BitSet;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads one entropy-coded image of a lossless picture: the picture itself or the data of a transform
/// (RFC 9649, sections 3.5 and 3.6).
final class LosslessImage {
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int MAX_CACHE_BITS = 11;

    /// Groups of codes that a picture may use. The format allows 65,536, which would take much memory in a small file;
    /// libwebp's encoder makes at most 2,600 (`MAX_HUFF_IMAGE_SIZE`).
    private static final int MAX_GROUPS = 4_096;

    /// The most that a group takes: tables of 256 + 24 + 2,048 symbols, three times 256 and 40.
    private static final int GROUP_BYTES = 12 << 10;

    /// How much larger codes are in memory than in a file, at the most: a group of five codes of a single symbol takes
    /// 20 bits and 300 bytes.
    private static final int GROUP_RATIO = 128;

    /// For the short distance codes, rows up << 4 | 8 − columns to the left.
    private static final byte[] NEAR_DISTANCES = HexFormat.of().parseHex("""
            1807171928062729161a262a38053739151b363a252b48044749141c353b464a242c58454b343c03
            5759131d565a232d444c555b333d68026769121e666a222e545c434d656b323e78017779535d111f
            646c424e767a212f757b313f636d525e00747c414f1020626e30737d515f40727e616f50717f6070
            """.replace("\n", ""));

    private record Codes(PrefixCode green, PrefixCode red, PrefixCode blue, PrefixCode alpha, PrefixCode distance) {
        static Codes read(BitInput in, int cacheSize) throws WebpException {
            return new Codes(
                    PrefixCode.read(in, 256 + LENGTHS + cacheSize),
                    PrefixCode.read(in, 256),
                    PrefixCode.read(in, 256),
                    PrefixCode.read(in, 256),
                    PrefixCode.read(in, DISTANCES));
        }
    }

    private final BitInput in;
    private final int width;
    private final int[] argb;
    /// Empty places for groups that no pixel uses.
    private final @Nullable Codes[] groups;
    private final int @Nullable [] groupImage;
    private final int groupBits;
    private final int[] cache;
    private final int cacheBits;

    private LosslessImage(BitInput in, int width, int height, boolean isWhole) throws WebpException {
        this.in = in;
        this.width = width;
        cacheBits = in.flag() ? in.read(4) : 0;
        if (cacheBits > MAX_CACHE_BITS) {
            throw new WebpException("its colour cache is too large");
        }
        cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
        BitSet used = new BitSet();
        if (isWhole && in.flag()) {
            groupBits = in.read(3) + 2;
            groupImage = read(in, parts(width, groupBits), parts(height, groupBits), false);
            for (int pixel : groupImage) {
                used.set(group(pixel));
            }
        } else {
            groupBits = 0;
            groupImage = null;
            used.set(0);
        }
        groups = readGroups(in, used, cache.length);
        argb = new int[Math.multiplyExact(width, height)];
    }

    private static @Nullable Codes[] readGroups(BitInput in, BitSet used, int cacheSize) throws WebpException {
        if (used.cardinality() > MAX_GROUPS) {
            throw new WebpException("it uses more than %,d groups of codes".formatted(MAX_GROUPS));
        }
        @Nullable Codes[] groups = new Codes[used.length()];
        for (int i = 0; i < groups.length; i++) {
            Codes codes = Codes.read(in, cacheSize);
            groups[i] = used.get(i) ? codes : null;
            in.checkNotOverrun();
        }
        return groups;
    }

    private static int group(int pixel) {
        return pixel >> 8 & 0xFFFF;
    }

    /// Reads an image.
    ///
    /// @param isWhole whether it may have several groups of codes
    /// @return [height, width], alpha << 24 | red << 16 | green << 8 | blue
    static int[] read(BitInput in, int width, int height, boolean isWhole) throws WebpException {
        LosslessImage image = new LosslessImage(in, width, height, isWhole);
        image.decode();
        return image.argb;
    }

    /// Returns the most bytes that the codes of an image take.
    static long codesBytes(int lengthBytes) {
        return Math.min((long) GROUP_RATIO * lengthBytes, (long) MAX_GROUPS * GROUP_BYTES) + 2L * GROUP_BYTES;
    }

    /// Returns how many parts of 2^bits pixels cover a side.
    static int parts(int side, int bits) {
        return (side + (1 << bits) - 1) >> bits;
    }

    private void decode() throws WebpException {
        int at = 0;
        while (at < argb.length) {
            Codes codes = codesAt(at);
            int symbol = codes.green.read(in);
            if (symbol < 256) {
                int red = codes.red.read(in);
                int blue = codes.blue.read(in);
                int alpha = codes.alpha.read(in);
                put(at++, alpha << 24 | red << 16 | symbol << 8 | blue);
            } else if (symbol < 256 + LENGTHS) {
                at = copy(at, symbol - 256, codes);
            } else {
                put(at++, cache[symbol - 256 - LENGTHS]);
            }
            in.checkNotOverrun();
        }
    }

    private Codes codesAt(int at) {
        int group = groupImage == null
                ? 0
                : group(groupImage[(at / width >> groupBits) * parts(width, groupBits) + (at % width >> groupBits)]);
        return Objects.requireNonNull(groups[group]);
    }

    private int copy(int at, int lengthSymbol, Codes codes) throws WebpException {
        int length = prefixed(lengthSymbol);
        int distance = distance(prefixed(codes.distance.read(in)));
        if (distance > at || length > argb.length - at) {
            throw new WebpException("its picture data refer to pixels that do not exist");
        }
        for (int i = at; i < at + length; i++) {
            put(i, argb[i - distance]);
        }
        return at + length;
    }

    private int prefixed(int symbol) {
        if (symbol < 4) {
            return symbol + 1;
        }
        int extra = (symbol - 2) >> 1;
        return ((2 + (symbol & 1)) << extra) + in.read(extra) + 1;
    }

    private int distance(int code) {
        if (code > NEAR_DISTANCES.length) {
            return code - NEAR_DISTANCES.length;
        }
        int near = NEAR_DISTANCES[code - 1];
        return Math.max((near >> 4) * width + 8 - (near & 15), 1);
    }

    private void put(int at, int pixel) {
        argb[at] = pixel;
        if (cacheBits > 0) {
            cache[(0x1E35A7BD * pixel) >>> (32 - cacheBits)] = pixel;
        }
    }
}
