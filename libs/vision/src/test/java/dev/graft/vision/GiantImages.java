package dev.graft.vision;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Makes small files of large pictures, for each format one of the kind that takes the most memory.
final class GiantImages {
    private GiantImages() {}

    /// @param side width and height in pixels, a multiple of 8
    static Map<String, byte[]> of(int side) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("progressive JPEG of four inks", progressiveInks(side));
        files.put("PNG of 16 bits with transparency", png(side));
        files.put("lossless WebP", GeneratedImages.plainWebp(side, side, new Random(1)));
        files.put("GIF", gif(side));
        files.put("run-length coded BMP", bmp(side));
        files.put("TIFF of 16 bits with transparency", tiff(side, Math.max(1, side / 500)));
        return files;
    }

    /// Four components, each with a scan of first coefficients, all of them zero, a bit a block, and one of others, of
    /// which there are none.
    private static byte[] progressiveInks(int side) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
        int[] steps = new int[65];
        Arrays.fill(steps, 1, 65, 1);
        JpegSegments.put(file, 0xDB, steps);
        int[] frame = {
            8, side >> 8, side & 0xFF, side >> 8, side & 0xFF, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0
        };
        JpegSegments.put(file, 0xC2, frame);
        int blocks = side / 8 * (side / 8);
        JpegSegments.put(file, 0xC4, codes(0, 0)); // 0: no difference
        JpegSegments.put(file, 0xC4, codes(0x10, 0xE0)); // 0: as many blocks end as the next 14 bits and 16,384 say
        for (int component = 1; component <= 4; component++) {
            JpegSegments.put(file, 0xDA, 1, component, 0, 0, 0, 0);
            file.writeBytes(new byte[(blocks + 7) / 8]);
            JpegSegments.put(file, 0xDA, 1, component, 0, 1, 63, 0);
            file.writeBytes(endsOfBands(blocks));
        }
        file.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});
        return file.toByteArray();
    }

    /// A table with one code of one bit.
    private static int[] codes(int slot, int symbol) {
        int[] table = new int[18];
        table[0] = slot;
        table[1] = 1;
        table[17] = symbol;
        return table;
    }

    /// Runs of 32,767 blocks, fifteen bits each, until all blocks have ended.
    private static byte[] endsOfBands(int blocks) {
        StringBuilder bits = new StringBuilder();
        for (int left = blocks; left > 0; left -= Math.min(left, 32_767)) {
            int extra = Math.max(0, Math.min(left, 32_767) - 16_384);
            String binary = Integer.toBinaryString(extra);
            bits.append("0".repeat(15 - binary.length())).append(binary);
        }
        bits.append("0".repeat((8 - bits.length() % 8) % 8));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < bits.length(); at += 8) {
            int value = Integer.parseInt(bits.substring(at, at + 8), 2);
            bytes.write(value);
            if (value == 0xFF) {
                bytes.write(0);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] png(int side) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(ByteBuffer.allocate(8).putLong(0x89504E470D0A1A0AL).array());
        ByteBuffer header = ByteBuffer.allocate(13).putInt(side).putInt(side);
        chunk(file, "IHDR", header.put(new byte[] {16, 6, 0, 0, 0}).array());
        chunk(file, "IDAT", deflated(new byte[1 + side * 8], side));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream file, String name, byte[] data) {
        byte[] named = ByteBuffer.allocate(4 + data.length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        CRC32 checksum = new CRC32();
        checksum.update(named);
        file.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        file.writeBytes(named);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    private static byte[] deflated(byte[] row, int rows) {
        try (Deflater deflater = new Deflater(9)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int y = 0; y < rows; y++) {
                deflater.setInput(row);
                for (int size = -1; size != 0; ) {
                    size = deflater.deflate(buffer);
                    bytes.write(buffer, 0, size);
                }
            }
            deflater.finish();
            while (!deflater.finished()) {
                bytes.write(buffer, 0, deflater.deflate(buffer));
            }
            return bytes.toByteArray();
        }
    }

    /// Of one colour, with codes of nine bits that are cleared before they grow.
    private static byte[] gif(int side) {
        ByteBuffer header = ByteBuffer.allocate(13 + 6 + 10 + 1).order(ByteOrder.LITTLE_ENDIAN);
        header.put("GIF89a".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) side)
                .putShort((short) side);
        header.put(new byte[] {(byte) 0x80, 0, 0}).put(new byte[] {1, 2, 3, 4, 5, 6});
        header.put((byte) 0x2C).putShort((short) 0).putShort((short) 0);
        header.putShort((short) side).putShort((short) side).put((byte) 0).put((byte) 8);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(header.array());
        byte[] data = lzw(side * side);
        for (int at = 0; at < data.length; at += 255) {
            int size = Math.min(255, data.length - at);
            file.write(size);
            file.write(data, at, size);
        }
        file.write(0);
        file.write(0x3B);
        return file.toByteArray();
    }

    /// Codes of runs that grow by one pixel each until there are 4,096 codes.
    private static byte[] lzw(int pixels) {
        LittleBits bits = new LittleBits();
        int left = pixels;
        while (left > 0) {
            bits.put(256, 9);
            int next = 258;
            int size = 9;
            bits.put(0, size);
            left--;
            for (int length = 2; left > 0 && next < 4095; length++) {
                // The code that is just being made: the run before it and one pixel more.
                bits.put(next, size);
                next++;
                left -= length;
                if (next == 1 << size && size < 12) {
                    size++;
                }
            }
            if (left > 0) {
                bits.put(256, size);
            }
        }
        return bits.bytes();
    }

    /// Of one colour.
    private static byte[] bmp(int side) {
        int runs = Math.ceilDiv(side, 255);
        int paletteAt = 14 + 40;
        int rowsAt = paletteAt + 4 * 256;
        int rowBytes = 2 * runs + 2;
        ByteBuffer file = ByteBuffer.allocate(rowsAt + rowBytes * side + 2).order(ByteOrder.LITTLE_ENDIAN);
        file.put("BM".getBytes(StandardCharsets.US_ASCII))
                .putInt(file.capacity())
                .putInt(0)
                .putInt(rowsAt);
        file.putInt(40).putInt(side).putInt(side).putShort((short) 1).putShort((short) 8);
        file.putInt(1).putInt(rowBytes * side + 2).position(rowsAt);
        for (int y = 0; y < side; y++) {
            for (int left = side; left > 0; left -= Math.min(left, 255)) {
                file.put((byte) Math.min(left, 255)).put((byte) 1);
            }
            file.putShort((short) 0);
        }
        return file.put((byte) 0).put((byte) 1).array();
    }

    private static byte[] tiff(int side, int rowsPerStrip) {
        int strips = Math.ceilDiv(side, rowsPerStrip);
        byte[] strip = deflated(new byte[side * 8], rowsPerStrip);
        int dataAt = 8 + 2 + 11 * 12 + 4 + 8;
        int countsAt = dataAt + strip.length;
        int offsetsAt = countsAt + 4 * strips;
        ByteBuffer file = ByteBuffer.allocate(offsetsAt + 4 * strips).order(ByteOrder.LITTLE_ENDIAN);
        file.put("II".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 11);
        int[][] entries = {
            {256, 4, 1, side},
            {257, 4, 1, side},
            {258, 3, 4, dataAt - 8},
            {259, 3, 1, 8},
            {262, 3, 1, 2},
            {273, 4, strips, offsetsAt},
            {277, 3, 1, 4},
            {278, 4, 1, rowsPerStrip},
            {279, 4, strips, countsAt},
            {284, 3, 1, 1},
            {338, 3, 1, 2}
        };
        for (int[] entry : entries) {
            file.putShort((short) entry[0])
                    .putShort((short) entry[1])
                    .putInt(entry[2])
                    .putInt(entry[3]);
        }
        file.putInt(0);
        for (int channel = 0; channel < 4; channel++) {
            file.putShort((short) 16);
        }
        file.put(strip);
        for (int i = 0; i < strips; i++) {
            file.putInt(strip.length);
        }
        for (int i = 0; i < strips; i++) {
            file.putInt(dataAt);
        }
        return file.array();
    }
}
