package dev.graft.vision;

import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import dev.graft.vision.jpeg.ColourModel;
import dev.graft.vision.jpeg.JpegDecoder;
import dev.graft.vision.jpeg.JpegException;
import dev.graft.vision.jpeg.Tables;
import java.util.Arrays;

/// Reads a TIFF whose strips or tiles are JPEGs (TIFF 6.0 Technical Note 2), by the decoder that reads JPEG files, so
/// that they are bounded like these.
///
/// @param tables what the parts have in common
/// @param partBytes the most that one of the JPEGs holds while it is decoded, its own bytes included
record TiffJpegImage(
        Parts parts, Layout layout, Orientation orientation, ColourModel colours, Tables tables, long partBytes)
        implements StoredImage {
    /// Encoders make JPEGs of whole MCUs.
    private static final int MCU_PIXELS = 32;

    /// Much more than four tables of steps and eight of codes have.
    private static final int MAX_TABLES_BYTES = 1 << 16;

    /// Says how the parts lie; strips are tiles as wide as the picture.
    record Layout(int width, int height, int tileWidth, int tileHeight) {
        int across() {
            return Math.ceilDiv(width, tileWidth);
        }

        Region part(int index) {
            int left = index % across() * tileWidth;
            int top = index / across() * tileHeight;
            return new Region(left, top, Math.min(tileWidth, width - left), Math.min(tileHeight, height - top));
        }

        int parts() {
            return across() * Math.ceilDiv(height, tileHeight);
        }
    }

    /// Says where the JPEGs lie in the file. They have no more bytes together than the file: else many could
    /// lie in the same bytes, and the time to read them would not follow from the file's size.
    private record Parts(byte[] file, int[] offsets, int[] sizesBytes) {
        static Parts of(byte[] file, long[] offsets, long[] sizes, int count) throws UndecodableImageException {
            if (offsets.length < count || sizes.length < count) {
                throw UndecodableImageException.corrupt("it does not say where all its parts are");
            }
            Parts parts = new Parts(file, new int[count], new int[count]);
            long leftBytes = file.length;
            for (int i = 0; i < count; i++) {
                if (offsets[i] < 0 || sizes[i] < 0 || offsets[i] > file.length || sizes[i] > file.length - offsets[i]) {
                    throw UndecodableImageException.truncated("it ends before the picture does");
                }
                leftBytes -= sizes[i];
                if (leftBytes < 0) {
                    throw UndecodableImageException.corrupt("its parts have more bytes together than it has");
                }
                parts.offsets[i] = (int) offsets[i];
                parts.sizesBytes[i] = (int) sizes[i];
            }
            return parts;
        }

        int count() {
            return offsets.length;
        }

        long placesBytes() {
            return 2L * Integer.BYTES * count();
        }

        byte[] bytes(int index) {
            return Arrays.copyOfRange(file, offsets[index], offsets[index] + sizesBytes[index]);
        }
    }

    static StoredImage open(byte[] file, TiffTags tags, Layout layout, Orientation orientation, ColourModel colours)
            throws UndecodableImageException {
        boolean isTiled = tags.has(TIFF.TAG_TILE_OFFSETS);
        long[] offsets = tags.numbers(isTiled ? TIFF.TAG_TILE_OFFSETS : TIFF.TAG_STRIP_OFFSETS);
        long[] sizes = tags.numbers(isTiled ? TIFF.TAG_TILE_BYTE_COUNTS : TIFF.TAG_STRIP_BYTE_COUNTS);
        Parts parts = Parts.of(file, offsets, sizes, layout.parts());
        return open(parts, layout, orientation, colours, tags.bytes(TIFF.TAG_JPEG_TABLES));
    }

    /// Opens one of the old style (TIFF 6.0, section 22), when it holds a whole JPEG file.
    static StoredImage openOld(byte[] file, TiffTags tags, Layout layout, Orientation orientation, ColourModel colours)
            throws UndecodableImageException {
        long offset = tags.number(TIFF.TAG_JPEG_INTERCHANGE_FORMAT, 0);
        if (offset == 0) {
            throw UndecodableImageException.unsupported("TIFF with JPEG of the old style");
        }
        long sizeBytes = tags.number(TIFF.TAG_JPEG_INTERCHANGE_FORMAT_LENGTH, file.length - offset);
        Layout whole = new Layout(layout.width, layout.height, layout.width, layout.height);
        Parts parts = Parts.of(file, new long[] {offset}, new long[] {sizeBytes}, 1);
        return open(parts, whole, orientation, colours, new byte[0]);
    }

    private static StoredImage open(
            Parts parts, Layout layout, Orientation orientation, ColourModel colours, byte[] tables)
            throws UndecodableImageException {
        Tables shared = readTables(tables);
        long partBytes = 0;
        for (int i = 0; i < parts.count(); i++) {
            JpegDecoder decoder = decoder(parts, i, shared, colours);
            Region region = layout.part(i);
            if (decoder.width() < region.width()
                    || decoder.height() < region.height()
                    || decoder.width() >= layout.tileWidth + MCU_PIXELS
                    || decoder.height() >= layout.tileHeight + MCU_PIXELS) {
                throw UndecodableImageException.corrupt("a part of it has another size than its place");
            }
            long needed = parts.sizesBytes[i] + decoder.workingBytes(0, 0, region.width(), region.height());
            partBytes = Math.max(partBytes, needed);
        }
        return new TiffJpegImage(parts, layout, orientation, colours, shared, partBytes);
    }

    private static Tables readTables(byte[] tables) throws UndecodableImageException {
        if (tables.length > MAX_TABLES_BYTES) {
            throw UndecodableImageException.corrupt("its tables are larger than any picture needs");
        }
        try {
            return JpegDecoder.readTables(tables);
        } catch (JpegException e) {
            throw JpegImage.translated(e);
        }
    }

    private static JpegDecoder decoder(Parts parts, int index, Tables tables, ColourModel colours)
            throws UndecodableImageException {
        try {
            return JpegDecoder.openPart(parts.bytes(index), tables, colours);
        } catch (JpegException e) {
            throw JpegImage.translated(e);
        }
    }

    @Override
    public int width() {
        return layout.width;
    }

    @Override
    public int height() {
        return layout.height;
    }

    @Override
    public long workingBytes(Region region) {
        return parts.placesBytes() + partBytes + (parts.count() == 1 ? 0 : region.rgbBytes());
    }

    @Override
    public Patch decode(Region region) throws UndecodableImageException {
        if (parts.count() == 1) {
            return new Patch(region.left(), region.top(), pixels(decode(0, region), region));
        }
        byte[] rgb = new byte[Math.toIntExact(region.rgbBytes())];
        for (int part = 0; part < parts.count(); part++) {
            Region place = layout.part(part);
            Region common = place.common(region);
            if (common.isEmpty()) {
                // Decoded all the same, for the whole file is checked.
                byte[] unused = decode(part, new Region(place.left(), place.top(), 1, 1));
            } else {
                byte[] decoded = decode(part, common);
                for (int y = 0; y < common.height(); y++) {
                    int to = (common.top() + y - region.top()) * region.width() + common.left() - region.left();
                    System.arraycopy(decoded, y * common.width() * 3, rgb, to * 3, common.width() * 3);
                }
            }
        }
        return new Patch(region.left(), region.top(), pixels(rgb, region));
    }

    /// Decodes a region of the picture that lies within a part.
    private byte[] decode(int part, Region region) throws UndecodableImageException {
        Region place = layout.part(part);
        try {
            return decoder(parts, part, tables, colours)
                    .decode(region.left() - place.left(), region.top() - place.top(), region.width(), region.height());
        } catch (JpegException e) {
            throw JpegImage.translated(e);
        }
    }

    private static Pixels pixels(byte[] rgb, Region region) {
        return new Pixels(region.width(), region.height(), rgb);
    }
}
