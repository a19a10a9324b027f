package dev.graft.vision;

import java.nio.ByteOrder;

/// Reads single numbers from the first directory of Exif data, which is a TIFF structure (TIFF 6.0, part 1). Damage is
/// never an error here: a tag that cannot be read is absent.
final class ExifDirectory {
    static final int ORIENTATION = 274;

    private static final int MAX_ENTRIES = 4096;
    private static final int TYPE_SHORT = 3;
    private static final int TYPE_LONG = 4;

    private final ByteReader reader;
    private final long start;
    private final long directory;

    /// Opens the structure that begins at an offset of a file.
    ExifDirectory(byte[] file, long start) {
        boolean little = new ByteReader(file, ByteOrder.BIG_ENDIAN).u8(start) == 'I';
        this.reader = new ByteReader(file, little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        this.start = start;
        this.directory = start + reader.u32(start + 4);
    }

    /// Returns the number under a tag, the first when there are several, or the given one when the tag is absent.
    long number(int tag, long absent) {
        if (reader.u16(start + 2) != 42) {
            return absent;
        }
        int entries = Math.min(reader.u16(directory), MAX_ENTRIES);
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + 12L * i;
            if (reader.u16(entry) == tag) {
                int type = reader.u16(entry + 2);
                long count = reader.u32(entry + 4);
                return switch (type) {
                    case TYPE_SHORT -> reader.u16(count > 2 ? start + reader.u32(entry + 8) : entry + 8);
                    case TYPE_LONG -> reader.u32(count > 1 ? start + reader.u32(entry + 8) : entry + 8);
                    default -> absent;
                };
            }
        }
        return absent;
    }
}
