package dev.graft.vision;

import java.nio.ByteOrder;
import java.util.Arrays;

/// Reads the first frame of a GIF file (GIF89a specification) on its whole canvas, which is white where the frame is
/// transparent or smaller.
///
/// @param width width of the canvas, or of the frame where that is beyond it
/// @param frame where the frame's data are
record GifImage(byte[] file, int width, int height, Frame frame) implements StoredImage {
    private static final int HEADER_BYTES = 13;
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2C;
    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int MAX_EXTENSIONS = 10_000;

    /// A code of 12 bits stands for no more than 4,094 pixels.
    private static final long MAX_RATIO = 2_730;

    /// Names the first frame.
    ///
    /// @param palette where its palette begins in the file, or −1 when it has none
    /// @param transparent the index that is transparent, or −1
    /// @param data where the compressed data begin
    private record Frame(
            int left,
            int top,
            int width,
            int height,
            boolean interlaced,
            int palette,
            int colours,
            int transparent,
            int data) {}

    static GifImage open(byte[] file) throws UndecodableImageException {
        ByteReader reader = new ByteReader(file, ByteOrder.LITTLE_ENDIAN);
        int flags = reader.u8(10);
        int colours = paletteSize(flags);
        long at = HEADER_BYTES + 3L * colours;
        int transparent = -1;
        for (int i = 0; i < MAX_EXTENSIONS; i++) {
            if (at >= file.length) {
                throw UndecodableImageException.truncated("it ends before the picture does");
            }
            switch (reader.u8(at)) {
                case EXTENSION -> {
                    if (reader.u8(at + 1) == GRAPHIC_CONTROL) {
                        transparent = (reader.u8(at + 3) & 1) == 1 ? reader.u8(at + 6) : -1;
                    }
                    at = behindBlocks(reader, at + 2);
                }
                case IMAGE -> {
                    Frame frame = frame(reader, at, flags, transparent);
                    int width = Math.max(reader.u16(6), frame.left + frame.width);
                    int height = Math.max(reader.u16(8), frame.top + frame.height);
                    if (frame.width == 0 || frame.height == 0) {
                        throw UndecodableImageException.corrupt("its first frame has no pixels");
                    }
                    return new GifImage(file, width, height, frame);
                }
                default -> throw UndecodableImageException.corrupt("it holds no picture where one should begin");
            }
        }
        throw UndecodableImageException.corrupt("it has too many extensions");
    }

    private static Frame frame(ByteReader reader, long at, int globalFlags, int transparent) {
        int flags = reader.u8(at + 9);
        int local = paletteSize(flags);
        int global = paletteSize(globalFlags);
        int palette = local > 0 ? (int) at + 10 : global > 0 ? HEADER_BYTES : -1;
        return new Frame(
                reader.u16(at + 1),
                reader.u16(at + 3),
                reader.u16(at + 5),
                reader.u16(at + 7),
                (flags & 0x40) != 0,
                palette,
                local > 0 ? local : global,
                transparent,
                (int) at + 10 + 3 * local);
    }

    private static int paletteSize(int flags) {
        return (flags & 0x80) == 0 ? 0 : 2 << (flags & 7);
    }

    private static long behindBlocks(ByteReader reader, long start) {
        long at = start;
        while (reader.u8(at) != 0) {
            at += 1 + reader.u8(at);
        }
        return at + 1;
    }

    @Override
    public Orientation orientation() {
        return Orientation.UPRIGHT;
    }

    /// An index for each pixel of the frame and a colour for each of the canvas, whatever region is asked for.
    @Override
    public long workingBytes(Region region) {
        return (long) frame.width * frame.height + resultBytes(region) + GifData.TABLE_BYTES;
    }

    @Override
    public long resultBytes(Region region) {
        return Region.whole(this).rgbBytes();
    }

    @Override
    public Patch decode(Region region) throws UndecodableImageException {
        if ((long) frame.width * frame.height > MAX_RATIO * (file.length - frame.data)) {
            throw UndecodableImageException.truncated("it is too short for the size that it claims");
        }
        byte[] indexes = new GifData(file, frame.data).decode(Math.multiplyExact(frame.width, frame.height));
        byte[] colours = palette();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        Arrays.fill(rgb, (byte) 0xFF);
        for (int row = 0; row < frame.height; row++) {
            int y = frame.interlaced ? interlacedRow(row) : row;
            int to = ((frame.top + y) * width + frame.left) * 3;
            for (int x = 0; x < frame.width; x++, to += 3) {
                int index = indexes[row * frame.width + x] & 0xFF;
                if (index != frame.transparent) {
                    System.arraycopy(colours, index * 3, rgb, to, 3);
                }
            }
        }
        return new Patch(0, 0, new Pixels(width, height, rgb));
    }

    /// Returns 256 colours: those of the palette, then black; without any palette a ramp of grey.
    private byte[] palette() throws UndecodableImageException {
        byte[] colours = new byte[3 * 256];
        if (frame.palette < 0) {
            for (int i = 0; i < colours.length; i++) {
                colours[i] = (byte) (i / 3);
            }
            return colours;
        }
        if (frame.palette + 3 * frame.colours > file.length) {
            throw UndecodableImageException.truncated("it ends before the picture does");
        }
        System.arraycopy(file, frame.palette, colours, 0, 3 * frame.colours);
        return colours;
    }

    /// Returns where a row of interlaced data belongs (GIF89a, appendix E).
    private int interlacedRow(int row) {
        int eighths = (frame.height + 7) / 8;
        int quarters = (frame.height + 3) / 8;
        int halves = (frame.height + 1) / 4;
        if (row < eighths) {
            return row * 8;
        }
        if (row < eighths + quarters) {
            return (row - eighths) * 8 + 4;
        }
        if (row < eighths + quarters + halves) {
            return (row - eighths - quarters) * 4 + 2;
        }
        return (row - eighths - quarters - halves) * 2 + 1;
    }
}
