package dev.graft.ingest.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/// What a zip's central directory says of one entry (APPNOTE 6.3.10, §4.3.12).
///
/// @param encrypted    whether its bytes are
/// @param method       the code of the compression method
/// @param checksum     CRC-32 of the bytes
/// @param packedBytes  its size in the archive
/// @param sizeBytes    its size unpacked
/// @param localOffset  of its local header, from the start of the zip
/// @param symbolicLink whether its bytes are the target of a link
/// @param recordBytes  size of the record itself; 0 when there is none
record ZipEntryRecord(
        EntryName name,
        boolean encrypted,
        int method,
        long checksum,
        long packedBytes,
        long sizeBytes,
        long localOffset,
        boolean symbolicLink,
        int recordBytes) {
    private static final int FIXED_BYTES = 46;
    private static final int SIGNATURE = 0x02014b50;
    private static final int ENCRYPTED = 1;
    private static final int UTF_8_NAMES = 1 << 11;
    private static final int UNIX = 3;
    private static final int UNIX_TYPE = 0170000;
    private static final int UNIX_LINK = 0120000;
    private static final int ZIP64_FIELD = 0x0001;
    private static final int UNICODE_PATH_FIELD = 0x7075;
    private static final long IN_ZIP64_FIELD = 0xFFFF_FFFFL;

    /// Reads the next record of a directory.
    ///
    /// @throws IOException when there is none, or it is damaged
    static ZipEntryRecord read(InputStream directory) throws IOException {
        ByteBuffer fixed = buffer(directory, FIXED_BYTES);
        if (fixed.getInt(0) != SIGNATURE) {
            throw new IOException("a record of a zip's directory is damaged");
        }
        byte[] name = buffer(directory, unsignedShort(fixed, 28)).array();
        ByteBuffer extra = buffer(directory, unsignedShort(fixed, 30));
        directory.skipNBytes(unsignedShort(fixed, 32));
        int flags = unsignedShort(fixed, 8);
        long size = unsignedInt(fixed, 24);
        long packed = unsignedInt(fixed, 20);
        long offset = unsignedInt(fixed, 42);
        ByteBuffer large = field(extra, ZIP64_FIELD);
        size = size == IN_ZIP64_FIELD ? next(large) : size;
        packed = packed == IN_ZIP64_FIELD ? next(large) : packed;
        offset = offset == IN_ZIP64_FIELD ? next(large) : offset;
        if (size < 0 || packed < 0 || offset < 0) {
            throw new IOException("a size in a zip's directory is damaged");
        }
        boolean link = (unsignedShort(fixed, 4) >> 8) == UNIX && (unsignedShort(fixed, 40) & UNIX_TYPE) == UNIX_LINK;
        return new ZipEntryRecord(
                name(name, (flags & UTF_8_NAMES) != 0, extra),
                (flags & ENCRYPTED) != 0,
                unsignedShort(fixed, 10),
                unsignedInt(fixed, 16),
                packed,
                size,
                offset,
                link,
                FIXED_BYTES + name.length + extra.limit() + unsignedShort(fixed, 32));
    }

    /// Makes an entry for what lies in the file and is not in its directory.
    static ZipEntryRecord foreign(String name) {
        return new ZipEntryRecord(EntryName.certain(name), false, 0, 0, 0, 0, 0, false, 0);
    }

    boolean isForeign() {
        return recordBytes == 0;
    }

    /// Info-ZIP keeps the name in UTF-8 beside one in the encoding of the system (§4.6.9); one that was renamed
    /// since has another sum.
    private static EntryName name(byte[] bytes, boolean utf8, ByteBuffer extra) {
        if (utf8) {
            return EntryName.declared(bytes);
        }
        ByteBuffer unicode = field(extra, UNICODE_PATH_FIELD);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        if (unicode.remaining() > 5 && (unicode.getInt(unicode.position() + 1) & 0xFFFF_FFFFL) == sum.getValue()) {
            byte[] name = new byte[unicode.remaining() - 5];
            unicode.get(unicode.position() + 5, name);
            return EntryName.declared(name);
        }
        return EntryName.undeclaredOfZip(bytes);
    }

    /// Gives the data of an extra field; empty when there is none.
    private static ByteBuffer field(ByteBuffer extra, int id) {
        int at = 0;
        while (at + 4 <= extra.limit()) {
            int length = unsignedShort(extra, at + 2);
            if (at + 4 + length > extra.limit()) {
                break;
            }
            if (unsignedShort(extra, at) == id) {
                return extra.duplicate()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .position(at + 4)
                        .limit(at + 4 + length);
            }
            at += 4 + length;
        }
        return ByteBuffer.allocate(0);
    }

    private static long next(ByteBuffer field) throws IOException {
        if (field.remaining() < Long.BYTES) {
            throw new IOException("a size in a zip's directory is missing");
        }
        return field.getLong();
    }

    private static ByteBuffer buffer(InputStream in, int sizeBytes) throws IOException {
        byte[] bytes = in.readNBytes(sizeBytes);
        if (bytes.length < sizeBytes) {
            throw new EOFException("a zip's directory ends too early");
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int unsignedShort(ByteBuffer buffer, int at) {
        return Short.toUnsignedInt(buffer.getShort(at));
    }

    private static long unsignedInt(ByteBuffer buffer, int at) {
        return Integer.toUnsignedLong(buffer.getInt(at));
    }
}
