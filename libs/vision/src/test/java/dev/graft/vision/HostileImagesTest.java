package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pictures made to hurt: small files that ask for much more memory or time than their size and the limits give.
class HostileImagesTest {
    private static final DecodeLimits LIMITS = new DecodeLimits(1 << 20, 500_000, 2_000);

    @Test
    void takesNoMemoryForCodesOfALosslessImageThatNoPixelUses() {
        assertThat(cost(losslessWithGroups(65_536, 0)).pixels()).isEmpty();
        assertThat(cost(losslessWithGroups(65_536, 2_000_000)).pixels()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"4", "5"})
    void opensNoImageInsideABitmap(int compression) {
        assertThat(cost(bitmap(compression, 54)).pixels()).isEmpty();
    }

    @Test
    void believesNoOffsetOfABitmapThatLiesBehindItsEnd() {
        assertThat(cost(bitmap(0, 0x7FFF_FF00)).pixels()).isEmpty();
    }

    @Test
    void refusesAFrameWithoutPixelsOnACanvasWithSome() throws Exception {
        byte[] file = Files.readAllBytes(Path.of("src/test/resources/pictures/webp-lossy-alpha.webp"));
        int startCode = new String(file, StandardCharsets.ISO_8859_1).indexOf("\u009d\u0001\u002a");
        assertThat(startCode).isPositive();
        file[startCode + 5] = 0;
        file[startCode + 6] = 0;

        assertThat(cost(file).pixels()).isEmpty();
    }

    /// A picture with as many scans as are allowed and one with four times as many: reading the second ends where the
    /// first one's scans do. Both are timed by the same thread, one behind the other, so that the machine's speed
    /// cancels out; twice the time leaves room for noise and is half of what reading all scans would take.
    @Test
    void spendsNoTimeOnScansThatSayNothing() {
        DecodeLimits limits = new DecodeLimits(1 << 20, 16_000_000, 4_000);
        byte[] most = jpegWithScans(4_000, 23);
        byte[] more = jpegWithScans(4_000, 98);
        assertThat(more.length).isLessThan(50_000);

        Cost allowed = Cost.of(most, limits);
        Cost refused = Cost.of(more, limits);

        refused.check(more);
        assertThat(allowed.pixels()).isPresent();
        assertThat(refused.pixels()).isEmpty();
        assertThat(refused.cpuSeconds()).isLessThan(2 * allowed.cpuSeconds());
        assertThat(cost(jpegWithScans(500, 98)).pixels()).isPresent();
    }

    private static Cost cost(byte[] file) {
        Cost cost = Cost.of(file, LIMITS);
        cost.check(file);
        return cost;
    }

    /// A WebP of one pixel that names the last of many groups of codes, all of a single symbol each.
    ///
    /// @param paddingBytes zeros behind the groups, which are codes too
    private static byte[] losslessWithGroups(int groups, int paddingBits) {
        LittleBits bits = new LittleBits();
        bits.put(0x2F, 8);
        bits.put(0, 14); // width 1
        bits.put(0, 14); // height 1
        bits.put(0, 4); // no alpha, version 0
        bits.put(0, 1); // no transform
        bits.put(0, 1); // no colour cache
        bits.put(1, 1); // several groups
        bits.put(0, 3); // of 4 × 4 pixels
        int last = groups - 1;
        bits.put(0, 1); // the image of groups: no cache
        single(bits, last & 0xFF); // green: low byte
        single(bits, last >> 8); // red: high byte
        single(bits, 0);
        single(bits, 0);
        single(bits, 0);
        for (int i = 0; i < paddingBits / 20; i++) {
            for (int code = 0; code < 5; code++) {
                bits.put(1, 1);
                bits.put(0, 3);
            }
        }
        byte[] data = bits.bytes();
        ByteBuffer file =
                ByteBuffer.allocate(20 + data.length + (data.length & 1)).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("RIFF"))
                .putInt(file.capacity() - 8)
                .put(ascii("WEBPVP8L"))
                .putInt(data.length)
                .put(data);
        return file.array();
    }

    /// A grey progressive JPEG whose scans beyond the first take some fifty codes each, however many blocks there are.
    private static byte[] jpegWithScans(int side, int scans) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
        int[] steps = new int[65];
        Arrays.fill(steps, 1, 65, 1);
        JpegSegments.put(file, 0xDB, steps);
        JpegSegments.put(file, 0xC2, 8, side >> 8, side & 0xFF, side >> 8, side & 0xFF, 1, 1, 0x11, 0);
        JpegSegments.put(file, 0xC4, JpegSegments.codes(0x00, 0, 1)); // 0: no difference
        JpegSegments.put(file, 0xC4, JpegSegments.codes(0x10, 0xE0, 0)); // 0: 16,384 blocks and more end; 10: one does
        int blocks = (side + 7) / 8 * ((side + 7) / 8);
        JpegSegments.put(file, 0xDA, 1, 1, 0, 0, 0, 0);
        file.writeBytes(new byte[(blocks + 7) / 8]);
        for (int scan = 0; scan < scans; scan++) {
            int high = Math.max(1, 14 - scan);
            JpegSegments.put(file, 0xDA, 1, 1, 0, 1, 63, scan == 0 ? 0x0D : high << 4 | high - 1);
            StringBuilder bits = new StringBuilder();
            int left = blocks;
            for (; left >= 1 << 14; left -= Math.min(left, 32_767)) {
                String extra = Integer.toBinaryString(Math.min(left, 32_767) - (1 << 14));
                bits.append('0').append("0".repeat(14 - extra.length())).append(extra);
            }
            bits.append("10".repeat(left));
            bits.append("1".repeat((8 - bits.length() % 8) % 8));
            for (int at = 0; at < bits.length(); at += 8) {
                int value = Integer.parseInt(bits.substring(at, at + 8), 2);
                file.write(value);
                if (value == 0xFF) {
                    file.write(0);
                }
            }
        }
        file.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});
        return file.toByteArray();
    }

    private static void single(LittleBits bits, int symbol) {
        bits.put(1, 1); // simple
        bits.put(0, 1); // one symbol
        bits.put(1, 1); // of eight bits
        bits.put(symbol, 8);
    }

    private static byte[] bitmap(int compression, int pixelsAt) {
        byte[] inner = png(20_000, 20_000);
        ByteBuffer file = ByteBuffer.allocate(54 + inner.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("BM")).putInt(file.capacity()).putInt(0).putInt(pixelsAt);
        file.putInt(40).putInt(10).putInt(10).putShort((short) 1).putShort((short) 0);
        file.putInt(compression)
                .putInt(inner.length)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(0);
        return file.put(inner).array();
    }

    /// A PNG that claims a size and has no data worth the name.
    private static byte[] png(int width, int height) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeLong(0x89504E470D0A1A0AL);
            ByteBuffer header =
                    ByteBuffer.allocate(17).put(ascii("IHDR")).putInt(width).putInt(height);
            header.put(new byte[] {8, 2, 0, 0, 0});
            out.writeInt(13);
            out.write(header.array());
            var checksum = new java.util.zip.CRC32();
            checksum.update(header.array());
            out.writeInt((int) checksum.getValue());
            out.writeInt(100);
            out.write(ascii("IDAT"));
            out.write(new byte[104]);
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
