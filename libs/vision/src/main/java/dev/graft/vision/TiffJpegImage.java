package dev.graft.vision;

import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import dev.graft.vision.jpeg.ColourModel;
import dev.graft.vision.jpeg.JpegDecoder;
import dev.graft.vision.jpeg.JpegException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads a TIFF whose strips or tiles are JPEGs (TIFF 6.0 Technical Note 2), by the decoder that reads JPEG files, so
/// that they are bounded like these.
///
/// @param partBytes the most that one of the JPEGs holds while it is decoded, its own bytes included
record TiffJpegImage(
        byte[] file,
        Layout layout,
        Orientation orientation,
        ColourModel colours,
        byte[] tables,
        List<Part> parts,
        long partBytes)
        implements StoredImage {
    /// Encoders make JPEGs of whole MCUs.
    private static final int MCU_PIXELS = 32;

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

    /// Names one JPEG and the pixels that it gives.
    private record Part(Region region, int offset, int sizeBytes) {
        byte[] of(byte[] file) {
            return Arrays.copyOfRange(file, offset, offset + sizeBytes);
        }
    }

    static StoredImage open(byte[] file, TiffTags tags, Layout layout, Orientation orientation, ColourModel colours)
            throws UndecodableImageException {
        boolean isTiled = tags.has(TIFF.TAG_TILE_OFFSETS);
        long[] offsets = tags.numbers(isTiled ? TIFF.TAG_TILE_OFFSETS : TIFF.TAG_STRIP_OFFSETS);
        long[] sizes = tags.numbers(isTiled ? TIFF.TAG_TILE_BYTE_COUNTS : TIFF.TAG_STRIP_BYTE_COUNTS);
        if (offsets.length < layout.parts() || sizes.length < layout.parts()) {
            throw UndecodableImageException.corrupt("it does not say where all its parts are");
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < layout.parts(); i++) {
            parts.add(part(file, layout.part(i), offsets[i], sizes[i]));
        }
        return open(file, layout, orientation, colours, tags.bytes(TIFF.TAG_JPEG_TABLES), parts);
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
        Part part = part(file, whole.part(0), offset, sizeBytes);
        return open(file, whole, orientation, colours, new byte[0], List.of(part));
    }

    private static StoredImage open(
            byte[] file, Layout layout, Orientation orientation, ColourModel colours, byte[] tables, List<Part> parts)
            throws UndecodableImageException {
        long partBytes = 0;
        for (Part part : parts) {
            JpegDecoder decoder = decoder(file, part, tables, colours);
            Region region = part.region;
            if (decoder.width() < region.width()
                    || decoder.height() < region.height()
                    || decoder.width() >= layout.tileWidth + MCU_PIXELS
                    || decoder.height() >= layout.tileHeight + MCU_PIXELS) {
                throw UndecodableImageException.corrupt("a part of it has another size than its place");
            }
            long needed = part.sizeBytes + decoder.workingBytes(0, 0, region.width(), region.height());
            partBytes = Math.max(partBytes, needed);
        }
        return new TiffJpegImage(file, layout, orientation, colours, tables, List.copyOf(parts), partBytes);
    }

    private static Part part(byte[] file, Region region, long offset, long sizeBytes) throws UndecodableImageException {
        if (offset < 0 || sizeBytes < 0 || offset > file.length || sizeBytes > file.length - offset) {
            throw UndecodableImageException.truncated("it ends before the picture does");
        }
        return new Part(region, (int) offset, (int) sizeBytes);
    }

    private static JpegDecoder decoder(byte[] file, Part part, byte[] tables, ColourModel colours)
            throws UndecodableImageException {
        try {
            return JpegDecoder.openPart(part.of(file), tables, colours);
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
        return partBytes + (parts.size() == 1 ? 0 : region.rgbBytes());
    }

    @Override
    public Patch decode(Region region) throws UndecodableImageException {
        if (parts.size() == 1) {
            return new Patch(region.left(), region.top(), pixels(decode(parts.getFirst(), region), region));
        }
        byte[] rgb = new byte[Math.toIntExact(region.rgbBytes())];
        for (Part part : parts) {
            Region common = part.region.common(region);
            if (common.isEmpty()) {
                // Decoded all the same, for the whole file is checked.
                byte[] unused = decode(part, new Region(part.region.left(), part.region.top(), 1, 1));
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
    private byte[] decode(Part part, Region region) throws UndecodableImageException {
        try {
            return decoder(file, part, tables, colours)
                    .decode(
                            region.left() - part.region.left(),
                            region.top() - part.region.top(),
                            region.width(),
                            region.height());
        } catch (JpegException e) {
            throw JpegImage.translated(e);
        }
    }

    private static Pixels pixels(byte[] rgb, Region region) {
        return new Pixels(region.width(), region.height(), rgb);
    }
}
