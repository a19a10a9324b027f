package dev.graft.ingest.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarUtils;

/// One header block of a tar, of any of the formats v7, ustar, GNU, star and PAX (POSIX.1-2017, `pax`; GNU tar
/// manual, "Basic Tar Format").
///
/// @param name      bytes of the path
/// @param type      the type flag; `\0` is `0`
/// @param sizeBytes of the data that follows
/// @param target    bytes of the link's target
/// @param extended  whether blocks with more of an old sparse map follow
record TarHeader(byte[] name, char type, long sizeBytes, byte[] target, boolean extended) {
    static final int BLOCK_BYTES = 512;

    static final char FILE = '0';
    static final char HARD_LINK = '1';
    static final char SYMBOLIC_LINK = '2';
    static final char FOLDER = '5';
    static final char CONTIGUOUS_FILE = '7';
    static final char GLOBAL_PAX = 'g';
    static final char PAX = 'x';
    static final char OLD_PAX = 'X';
    static final char LONG_NAME = 'L';
    static final char LONG_TARGET = 'K';
    static final char SPARSE = 'S';
    static final char LISTED_FOLDER = 'D';
    static final char CONTINUATION = 'M';
    static final char VOLUME = 'V';

    /// Says whether the block's sum is right; the sum of anything else is right by chance only.
    static boolean isHeader(byte[] block) {
        try {
            return TarUtils.verifyCheckSum(block);
        } catch (IllegalArgumentException noNumber) {
            return false;
        }
    }

    static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /// Says whether a further block of an old sparse map has another one behind it.
    static boolean isMapExtended(byte[] mapBlock) {
        return mapBlock[504] != 0;
    }

    /// @throws IOException when a number is none
    static TarHeader parse(byte[] block) throws IOException {
        char type = block[156] == 0 ? FILE : (char) Byte.toUnsignedInt(block[156]);
        return new TarHeader(
                path(block), type, dataBytes(block, type), text(block, 157, 100), type == SPARSE && block[482] != 0);
    }

    /// Links have no data, whatever their size says: archivers disagree about what it means.
    private static long dataBytes(byte[] block, char type) throws IOException {
        if (type >= HARD_LINK && type <= '6') {
            return 0;
        }
        try {
            long size = TarUtils.parseOctalOrBinary(block, 124, 12);
            if (size >= 0) {
                return size;
            }
        } catch (IllegalArgumentException noNumber) {
            throw new IOException("a header's size is no number", noNumber);
        }
        throw new IOException("a header's size is negative");
    }

    /// Only in ustar and star is what follows the device numbers the beginning of the path.
    private static byte[] path(byte[] block) {
        byte[] name = text(block, 0, 100);
        boolean ustar = Arrays.equals(block, 257, 263, "ustar\0".getBytes(US_ASCII), 0, 6);
        boolean star = Arrays.equals(block, 508, 512, "tar\0".getBytes(US_ASCII), 0, 4);
        byte[] prefix = ustar ? text(block, 345, star ? 131 : 155) : new byte[0];
        if (prefix.length == 0) {
            return name;
        }
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        path.writeBytes(prefix);
        path.write('/');
        path.writeBytes(name);
        return path.toByteArray();
    }

    private static byte[] text(byte[] block, int from, int length) {
        return upToNul(Arrays.copyOfRange(block, from, from + length));
    }

    static byte[] upToNul(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    static String words(byte[] target) {
        return new String(target, UTF_8);
    }
}
