package dev.graft.vision;

import java.nio.ByteOrder;
import java.util.Set;
import java.util.zip.CRC32;

/// Checks the chunks of a PNG file before its pixels are read: all there, undamaged, and with enough data for the size
/// that the header claims (PNG, third edition, 5.3 to 5.5).
final class PngPicture {
    private static final int SIGNATURE_BYTES = 8;
    private static final int FRAMING_BYTES = 12;

    /// Deflate makes no byte out of less than a 1,032nd of one.
    private static final long MAX_RATIO = 1032;

    private static final long IDAT = 0x49444154;
    private static final long IEND = 0x49454E44;

    /// Chunks that decide pixels: IHDR, PLTE, IDAT, IEND and tRNS.
    private static final Set<Long> CHECKED = Set.of(0x49484452L, 0x504C5445L, IDAT, IEND, 0x74524E53L);

    private PngPicture() {}

    static StoredPicture open(byte[] file, DecodeLimits limits) throws UndecodablePictureException {
        ByteReader reader = new ByteReader(file, ByteOrder.BIG_ENDIAN);
        long width = reader.u32(SIGNATURE_BYTES + 8);
        long height = reader.u32(SIGNATURE_BYTES + 12);
        limits.checkDimensions(width, height);
        long dataBytes = checkedDataBytes(reader);
        long bitsPerPixel = reader.u8(SIGNATURE_BYTES + 16);
        if (dataBytes * MAX_RATIO < (width * bitsPerPixel + 7) / 8 * height) {
            throw UndecodablePictureException.truncated("it is too short for the size that it claims");
        }
        return ImageIoPicture.open(file, PictureFormat.PNG);
    }

    /// Returns the number of compressed bytes.
    private static long checkedDataBytes(ByteReader reader) throws UndecodablePictureException {
        long dataBytes = 0;
        long at = SIGNATURE_BYTES;
        while (true) {
            long length = reader.u32(at);
            long name = reader.u32(at + 4);
            long next = at + FRAMING_BYTES + length;
            if (next > reader.bytes().length) {
                throw UndecodablePictureException.truncated("it ends before the picture does");
            }
            if (CHECKED.contains(name)) {
                CRC32 checksum = new CRC32();
                checksum.update(reader.bytes(), (int) at + 4, (int) length + 4);
                if (checksum.getValue() != reader.u32(next - 4)) {
                    throw UndecodablePictureException.corrupt("the checksum of its data is wrong");
                }
            }
            if (name == IEND) {
                return dataBytes;
            }
            dataBytes += name == IDAT ? length : 0;
            at = next;
        }
    }
}
