package dev.graft.vision;

import dev.graft.vision.webp.LosslessDecoder;
import dev.graft.vision.webp.Vp8Decoder;
import dev.graft.vision.webp.WebpException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a WebP file (RFC 9649).
///
/// @param frame the first picture, which may be smaller than the canvas when the file is an animation
record WebpImage(byte[] file, int width, int height, Orientation orientation, Frame frame) implements StoredImage {
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

    static WebpImage open(byte[] file) throws UndecodableImageException {
        ByteReader reader = new ByteReader(file, ByteOrder.LITTLE_ENDIAN);
        int end = checkedEnd(reader, 0);
        Chunk first = chunk(reader, 12, end);
        Orientation orientation = Exif.orientation(file, ImageFormat.WEBP);
        if (!first.name.equals("VP8X")) {
            Frame frame = frame(reader, 0, 0, 12, end);
            return new WebpImage(file, frame.width, frame.height, orientation, frame);
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
                return new WebpImage(file, width, height, orientation, frame);
            }
            if (chunk.name.equals("ALPH") || chunk.name.startsWith("VP8")) {
                Frame frame = frame(reader, 0, 0, chunk.start - CHUNK_HEADER_BYTES, end);
                return new WebpImage(file, width, height, orientation, frame);
            }
        }
        throw UndecodableImageException.corrupt("it has too many chunks");
    }

    private static int checkedEnd(ByteReader reader, int riff) throws UndecodableImageException {
        long end = CHUNK_HEADER_BYTES + reader.u32(riff + 4);
        if (end > reader.bytes().length) {
            throw UndecodableImageException.truncated("it ends before the picture does");
        }
        return (int) end;
    }

    private static Chunk chunk(ByteReader reader, int at, int end) throws UndecodableImageException {
        long length = reader.u32(at + 4);
        if (at + CHUNK_HEADER_BYTES + length > end) {
            throw UndecodableImageException.truncated("it ends before the picture does");
        }
        String name = new String(reader.bytes(), at, 4, StandardCharsets.ISO_8859_1);
        return new Chunk(name, at + CHUNK_HEADER_BYTES, (int) length);
    }

    /// Finds the data of a picture among the chunks between two places.
    private static Frame frame(ByteReader reader, int left, int top, int from, int end)
            throws UndecodableImageException {
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
        throw UndecodableImageException.corrupt("it has too many chunks");
    }

    private static Frame lossy(ByteReader reader, int left, int top, Chunk chunk, @Nullable Chunk alpha)
            throws UndecodableImageException {
        try {
            Vp8Decoder.Size size = Vp8Decoder.size(reader.bytes(), chunk.start, chunk.length);
            return new Frame(left, top, size.width(), size.height(), chunk, alpha);
        } catch (WebpException e) {
            throw UndecodableImageException.corrupt(e.what());
        }
    }

    /// Everything is decoded, whatever region is asked for.
    @Override
    public long workingBytes(Region region) {
        long pixels = 3L * frame.width * frame.height;
        long decoding;
        if (frame.isLossy()) {
            decoding = Vp8Decoder.workingBytes(frame.width, frame.height);
            if (frame.alpha != null) {
                int length = frame.alpha.length;
                decoding = Math.max(
                        decoding + (long) frame.width * frame.height,
                        LosslessDecoder.alphaWorkingBytes(length, frame.width, frame.height));
            }
        } else {
            decoding = Math.max(
                    LosslessDecoder.workingBytes(frame.data.length, frame.width, frame.height),
                    Integer.BYTES * (long) frame.width * frame.height + pixels);
        }
        return Math.max(decoding, pixels + resultBytes(region));
    }

    @Override
    public long resultBytes(Region region) {
        return Region.whole(this).rgbBytes();
    }

    @Override
    public Patch decode(Region region) throws UndecodableImageException {
        if (frame.width == 0 || frame.height == 0) {
            throw UndecodableImageException.corrupt("its first frame has no pixels");
        }
        if ((long) frame.left + frame.width > width || (long) frame.top + frame.height > height) {
            throw UndecodableImageException.corrupt("its first frame is larger than the picture");
        }
        Pixels pixels = decodeFrame();
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

    private Pixels decodeFrame() throws UndecodableImageException {
        Chunk data = frame.data;
        Chunk alpha = frame.alpha;
        try {
            if (!frame.isLossy()) {
                byte[] rgb = White.rgb(LosslessDecoder.decode(file, data.start, data.length));
                return new Pixels(frame.width, frame.height, rgb);
            }
            if (alpha == null) {
                return new Pixels(frame.width, frame.height, Vp8Decoder.decode(file, data.start, data.length));
            }
            // Transparency first: it takes more than the colours while it is decoded, and less afterwards.
            byte[] opacity = LosslessDecoder.decodeAlpha(file, alpha.start, alpha.length, frame.width, frame.height);
            byte[] rgb = Vp8Decoder.decode(file, data.start, data.length);
            White.lay(rgb, opacity);
            return new Pixels(frame.width, frame.height, rgb);
        } catch (WebpException e) {
            throw UndecodableImageException.corrupt(e.what());
        }
    }
}
