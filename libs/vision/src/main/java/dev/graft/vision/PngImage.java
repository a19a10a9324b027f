package dev.graft.vision;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;

/// Checks the chunks of a PNG file before its pixels are read: all there, undamaged, and with enough data for the size
/// that the header claims (PNG, third edition, 5.3 to 5.5).
final class PngImage {
    private static final int SIGNATURE_BYTES = 8;
    private static final int FRAMING_BYTES = 12;

    /// Deflate makes no byte out of less than a 1,032nd of one.
    private static final long MAX_RATIO = 1032;

    /// Rows that a reader holds: two as they are stored, and one unpacked.
    private static final int ROWS = 3;

    private static final int INFLATER_BYTES = 64 << 10;

    private static final long IDAT = 0x49444154;
    private static final long IEND = 0x49454E44;

    private static final long TRNS = 0x74524E53;

    /// Chunks that decide pixels: IHDR, PLTE, IDAT, IEND and tRNS.
    private static final Set<Long> CHECKED = Set.of(0x49484452L, 0x504C5445L, IDAT, IEND, TRNS);

    /// Chunks of texts and profiles: iCCP, iTXt, tEXt and zTXt. Few bytes of them may be many unpacked.
    private static final Set<Long> DROPPED = Set.of(0x69434350L, 0x69545874L, 0x74455874L, 0x7A545874L);

    private static final int PALETTE = 3;

    /// How much larger other chunks may be in the memory of the reader, which looks at them for the sake of a palette.
    private static final int CHUNK_RATIO = 10;

    /// Every pass of interlaced rows has a pixel in each such square.
    private static final int INTERLACE = 8;

    private PngImage() {}

    /// Says what the chunks hold.
    ///
    /// @param dataBytes number of compressed bytes
    /// @param isBare whether there are none that are dropped
    private record Chunks(long dataBytes, boolean hasTransparency, boolean isBare) {}

    static StoredImage open(byte[] file, DecodeLimits limits) throws UndecodableImageException {
        ByteReader reader = new ByteReader(file, ByteOrder.BIG_ENDIAN);
        long width = reader.u32(SIGNATURE_BYTES + 8);
        long height = reader.u32(SIGNATURE_BYTES + 12);
        limits.checkDimensions(width, height);
        Chunks chunks = checkedChunks(reader);
        int depth = reader.u8(SIGNATURE_BYTES + 16);
        if (chunks.dataBytes * MAX_RATIO < (width * depth + 7) / 8 * height) {
            throw UndecodableImageException.truncated("it is too short for the size that it claims");
        }
        int colourType = reader.u8(SIGNATURE_BYTES + 17);
        int bytesPerPixel = bytesPerPixel(colourType, depth, chunks.hasTransparency);
        long copies = (chunks.isBare ? 0 : 1) + (colourType == PALETTE ? CHUNK_RATIO : 0);
        boolean isInterlaced = reader.u8(SIGNATURE_BYTES + 20) != 0;
        return new ImageIoImage(
                () -> chunks.isBare ? file : bare(reader),
                ImageFormat.PNG,
                (int) width,
                (int) height,
                Exif.orientation(file, ImageFormat.PNG),
                bytesPerPixel,
                copies * file.length + ROWS * width * (bytesPerPixel + Integer.BYTES) + INFLATER_BYTES,
                region -> isInterlaced ? interlaced(region, (int) width, (int) height) : region);
    }

    /// Returns the width of a pixel as ImageIO holds it.
    private static int bytesPerPixel(int colourType, int depth, boolean hasTransparency) {
        int channels = switch (colourType) {
            case 2 -> hasTransparency ? 4 : 3;
            case 6 -> 4;
            case 0 -> hasTransparency ? 2 : 1;
            case 4 -> 2;
            default -> 1;
        };
        return channels * (depth == 16 ? 2 : 1);
    }

    /// Widens a region so that it has pixels of every pass that the picture has: else the reader would not look at a
    /// pass.
    private static Region interlaced(Region region, int width, int height) {
        int left = Math.min(region.left(), Math.max(width - INTERLACE, 0)) & -INTERLACE;
        int top = Math.min(region.top(), Math.max(height - INTERLACE, 0)) & -INTERLACE;
        int right = Math.max(region.left() + region.width(), Math.min(left + INTERLACE, width));
        int bottom = Math.max(region.top() + region.height(), Math.min(top + INTERLACE, height));
        return new Region(left, top, right - left, bottom - top);
    }

    private static Chunks checkedChunks(ByteReader reader) throws UndecodableImageException {
        long dataBytes = 0;
        boolean hasTransparency = false;
        boolean isBare = true;
        long at = SIGNATURE_BYTES;
        while (true) {
            long length = reader.u32(at);
            long name = reader.u32(at + 4);
            long next = at + FRAMING_BYTES + length;
            if (next > reader.bytes().length) {
                throw UndecodableImageException.truncated("it ends before the picture does");
            }
            if (CHECKED.contains(name)) {
                CRC32 checksum = new CRC32();
                checksum.update(reader.bytes(), (int) at + 4, (int) length + 4);
                if (checksum.getValue() != reader.u32(next - 4)) {
                    throw UndecodableImageException.corrupt("the checksum of its data is wrong");
                }
            }
            if (name == IEND) {
                return new Chunks(dataBytes, hasTransparency, isBare);
            }
            dataBytes += name == IDAT ? length : 0;
            hasTransparency |= name == TRNS;
            isBare &= !DROPPED.contains(name);
            at = next;
        }
    }

    /// Leaves out texts and profiles, which ImageIO's reader would unpack.
    private static byte[] bare(ByteReader reader) {
        byte[] file = reader.bytes();
        byte[] bare = new byte[file.length];
        System.arraycopy(file, 0, bare, 0, SIGNATURE_BYTES);
        int to = SIGNATURE_BYTES;
        int at = SIGNATURE_BYTES;
        long name = 0;
        while (name != IEND) {
            name = reader.u32(at + 4);
            int size = FRAMING_BYTES + (int) reader.u32(at);
            if (!DROPPED.contains(name)) {
                System.arraycopy(file, at, bare, to, size);
                to += size;
            }
            at += size;
        }
        return Arrays.copyOf(bare, to);
    }
}
