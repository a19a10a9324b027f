package dev.graft.vision;

import dev.graft.vision.webp.Vp8Decoder;
import dev.graft.vision.webp.Vp8Exception;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a WebP file (RFC 9649): a lossy picture itself, a lossless one and separate transparency through ImageIO.
///
/// @param frame the first picture, which may be smaller than the canvas when the file is an animation
record WebpPicture(byte[] file, int width, int height, Orientation orientation, Frame frame) implements StoredPicture {
    private static final int MAX_CHUNKS = 10_000;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int ANIMATION_FRAME_BYTES = 16;

    private record Chunk(String name, int start, int length) {
        int next() {
            return start + length + (length & 1);
        }
    }

    /// Names the data of one picture and its place on the canvas.
    ///
    /// @param alpha the chunk of separate transparency, or null when there is none
    private record Frame(
            int left,
            int top,
            int width,
            int height,
            Chunk data,
            @Nullable Chunk alpha) {
        boolean isLossy() {
            return data.name.equals("VP8 ");
        }
    }

    static WebpPicture open(byte[] file) throws UndecodablePictureException {
        ByteReader reader = new ByteReader(file, ByteOrder.LITTLE_ENDIAN);
        int end = checkedEnd(reader, 0);
        Chunk first = chunk(reader, 12, end);
        Orientation orientation = Exif.orientation(file, PictureFormat.WEBP);
        if (!first.name.equals("VP8X")) {
            Frame frame = frame(reader, 0, 0, 12, end);
            return new WebpPicture(file, frame.width, frame.height, orientation, frame);
        }
        int width = 1 + reader.u16(first.start + 4) + (reader.u8(first.start + 6) << 16);
        int height = 1 + reader.u16(first.start + 7) + (reader.u8(first.start + 9) << 16);
        Chunk chunk = first;
        for (int i = 0; i < MAX_CHUNKS; i++) {
            chunk = chunk(reader, chunk.next(), end);
            if (chunk.name.equals("ANMF")) {
                int left = 2 * (reader.u16(chunk.start) + (reader.u8(chunk.start + 2) << 16));
                int top = 2 * (reader.u16(chunk.start + 3) + (reader.u8(chunk.start + 5) << 16));
                int from = chunk.start + ANIMATION_FRAME_BYTES;
                Frame frame = frame(reader, left, top, from, chunk.start + chunk.length);
                return new WebpPicture(file, width, height, orientation, frame);
            }
            if (chunk.name.equals("ALPH") || chunk.name.startsWith("VP8")) {
                Frame frame = frame(reader, 0, 0, chunk.start - CHUNK_HEADER_BYTES, end);
                return new WebpPicture(file, width, height, orientation, frame);
            }
        }
        throw UndecodablePictureException.corrupt("it has too many chunks");
    }

    private static int checkedEnd(ByteReader reader, int riff) throws UndecodablePictureException {
        long end = CHUNK_HEADER_BYTES + reader.u32(riff + 4);
        if (end > reader.bytes().length) {
            throw UndecodablePictureException.truncated("it ends before the picture does");
        }
        return (int) end;
    }

    private static Chunk chunk(ByteReader reader, int at, int end) throws UndecodablePictureException {
        long length = reader.u32(at + 4);
        if (at + CHUNK_HEADER_BYTES + length > end) {
            throw UndecodablePictureException.truncated("it ends before the picture does");
        }
        String name = new String(reader.bytes(), at, 4, StandardCharsets.ISO_8859_1);
        return new Chunk(name, at + CHUNK_HEADER_BYTES, (int) length);
    }

    /// Finds the data of a picture among the chunks between two places.
    private static Frame frame(ByteReader reader, int left, int top, int from, int end)
            throws UndecodablePictureException {
        @Nullable Chunk alpha = null;
        int at = from;
        for (int i = 0; i < MAX_CHUNKS; i++) {
            Chunk chunk = chunk(reader, at, end);
            switch (chunk.name) {
                case "ALPH" -> alpha = chunk;
                case "VP8 " -> {
                    return lossy(reader, left, top, chunk, alpha);
                }
                case "VP8L" -> {
                    long bits = reader.u32(chunk.start + 1);
                    int width = (int) (bits & 0x3FFF) + 1;
                    int height = (int) (bits >> 14 & 0x3FFF) + 1;
                    return new Frame(left, top, width, height, chunk, null);
                }
                default -> {}
            }
            at = chunk.next();
        }
        throw UndecodablePictureException.corrupt("it has too many chunks");
    }

    private static Frame lossy(ByteReader reader, int left, int top, Chunk chunk, @Nullable Chunk alpha)
            throws UndecodablePictureException {
        try {
            Vp8Decoder.Size size = Vp8Decoder.size(reader.bytes(), chunk.start, chunk.length);
            return new Frame(left, top, size.width(), size.height(), chunk, alpha);
        } catch (Vp8Exception e) {
            throw UndecodablePictureException.corrupt(e.what());
        }
    }

    @Override
    public Patch decode(Region region) throws UndecodablePictureException {
        if ((long) frame.left + frame.width > width || (long) frame.top + frame.height > height) {
            throw UndecodablePictureException.corrupt("its first frame is larger than the picture");
        }
        Pixels pixels = frame.isLossy() ? decodeLossy() : decodeThroughImageIo().onWhite();
        if (frame.width == width && frame.height == height) {
            return new Patch(0, 0, pixels);
        }
        byte[] canvas = new byte[width * height * 3];
        Arrays.fill(canvas, (byte) 0xFF);
        for (int y = 0; y < frame.height; y++) {
            int to = ((frame.top + y) * width + frame.left) * 3;
            System.arraycopy(pixels.rgb(), y * frame.width * 3, canvas, to, frame.width * 3);
        }
        return new Patch(0, 0, new Pixels(width, height, canvas));
    }

    private Pixels decodeLossy() throws UndecodablePictureException {
        try {
            byte[] rgb = Vp8Decoder.decode(file, frame.data.start, frame.data.length);
            if (frame.alpha == null) {
                return new Pixels(frame.width, frame.height, rgb);
            }
            return new ImageIoPicture.Rgba(
                            frame.width,
                            frame.height,
                            rgb,
                            decodeThroughImageIo().alpha())
                    .onWhite();
        } catch (Vp8Exception e) {
            throw UndecodablePictureException.corrupt(e.what());
        }
    }

    /// Decodes the frame as a file of its own.
    private ImageIoPicture.Rgba decodeThroughImageIo() throws UndecodablePictureException {
        int alphaBytes = frame.alpha == null ? 0 : CHUNK_HEADER_BYTES + frame.alpha.next() - frame.alpha.start;
        int dataBytes = CHUNK_HEADER_BYTES + frame.data.next() - frame.data.start;
        ByteBuffer single =
                ByteBuffer.allocate(12 + 18 + alphaBytes + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        put(single, "RIFF").putInt(single.capacity() - CHUNK_HEADER_BYTES);
        put(single, "WEBP");
        put(single, "VP8X").putInt(10).putInt(0x10);
        putSide(single, frame.width);
        putSide(single, frame.height);
        if (frame.alpha != null) {
            put(single, frame.alpha);
        }
        put(single, frame.data);
        return ImageIoPicture.decode(single.array(), PictureFormat.WEBP);
    }

    private static ByteBuffer put(ByteBuffer target, String name) {
        return target.put(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void putSide(ByteBuffer target, int side) {
        target.putShort((short) (side - 1)).put((byte) (side - 1 >> 16));
    }

    private void put(ByteBuffer target, Chunk chunk) {
        int available = Math.min(chunk.next(), file.length) - chunk.start;
        put(target, chunk.name).putInt(chunk.length).put(file, chunk.start, available);
        target.position(target.position() + chunk.next() - chunk.start - available);
    }
}
