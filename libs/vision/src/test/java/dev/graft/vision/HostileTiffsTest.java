package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.vision.UndecodableImageException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// TIFFs made to hurt: their strips and tiles may be of any number and size, and lie anywhere in the file.
class HostileTiffsTest {
    private static final DecodeLimits LIMITS = new DecodeLimits(1 << 20, 500_000, 2_000);

    private static final int TILES = 32 * 32;

    // Compressions of TIFF.
    private static final int UNCOMPRESSED = 1;
    private static final int JPEG = 7;
    private static final int DEFLATE = 8;
    private static final int PACK_BITS = 32773;

    @ParameterizedTest
    @CsvSource({
        "1, 1, 8, 1",
        "1000000000, 16, 8, 1",
        "16, 1000000000, 8, 1",
        "2147483647, 2147483647, 16, 4",
        "16, 16, 8, 60000",
        "16, 16, 32, 3",
        "16, 16, 64, 4",
        "2147483632, 1, 8, 1"
    })
    void takesNoMoreForATiffThanItsPixelsNeed(long tileWidth, long tileHeight, int bits, int samples) {
        cost(tiledTiff(tileWidth, tileHeight, bits, samples));
    }

    @Test
    void refusesATiffOfFloatingPointNumbersRatherThanGivingItBlack() {
        assertThat(cost(tiff(8, 8, 32, 1, 3)).pixels()).isEmpty();
    }

    /// Every tile is read by itself, so that a thousand in the same half megabyte would be half a gigabyte.
    @Test
    void refusesATiffWhoseJpegsLieInTheSameBytes() {
        byte[] jpeg = Arrays.copyOf(greyJpegPart(), 500_000);

        assertThat(cost(tiledTiff(JPEG, jpeg, 1, jpegTables(1))).refusal()).contains(Reason.CORRUPT);
        assertThat(cost(tiledTiff(JPEG, greyJpegPart(), TILES, jpegTables(1))).pixels())
                .isPresent();
    }

    @Test
    void readsTheTablesOfATiffOnceHoweverManyJpegsItHas() {
        assertThat(cost(tiledTiff(JPEG, greyJpegPart(), TILES, jpegTables(2_500)))
                        .pixels())
                .isPresent();
        assertThat(cost(tiledTiff(JPEG, greyJpegPart(), TILES, jpegTables(3_000)))
                        .refusal())
                .contains(Reason.CORRUPT);
    }

    /// In front of the samples are 300,000 bytes of blocks of nothing, which a thousand tiles would read. Tiles
    /// that are alike may lie in the same bytes when they only hold samples.
    @Test
    void refusesATiffWhosePartsLieInTheSameBytesOfNothing() {
        assertThat(cost(tiledTiff(DEFLATE, deflated(60_000), 1, new byte[0])).refusal())
                .contains(Reason.CORRUPT);

        for (byte[] alike : List.of(
                tiledTiff(UNCOMPRESSED, new byte[64], 1, new byte[0]),
                tiledTiff(DEFLATE, deflated(0), 1, new byte[0]),
                tiledTiff(PACK_BITS, new byte[] {-63, 0}, 1, new byte[0]))) {
            assertThat(Cost.of(alike, LIMITS).pixels()).isPresent();
        }
    }

    /// Each compressed tile costs the library its tables, whatever its size.
    @Test
    void refusesATiffOfMoreCompressedTilesThanImagesHave() {
        long tiles = 500_000;
        long[][] entries = {
            {256, 4, 1, 1_000},
            {257, 4, 1, tiles / 1_000},
            {258, 3, 1, 8},
            {259, 3, 1, PACK_BITS},
            {262, 3, 1, 1},
            {277, 3, 1, 1},
            {322, 3, 1, 1},
            {323, 3, 1, 1},
            {324, 4, 1, 300}
        };

        assertThat(cost(tiff(entries, 400)).refusal()).contains(Reason.UNSUPPORTED_VARIANT);
    }

    private static Cost cost(byte[] file) {
        Cost cost = Cost.of(file, LIMITS);
        cost.check(file);
        return cost;
    }

    private static byte[] tiledTiff(long tileWidth, long tileHeight, int bits, int samples) {
        return tiff(
                new long[][] {
                    {256, 4, 1, 64},
                    {257, 4, 1, 64},
                    {258, 3, 1, bits},
                    {259, 3, 1, 1},
                    {262, 3, 1, samples >= 3 ? 2 : 1},
                    {277, 3, 1, samples},
                    {322, 4, 1, tileWidth},
                    {323, 4, 1, tileHeight},
                    {324, 4, 1, 300},
                    {325, 4, 1, 4096},
                    {339, 3, 1, 1}
                },
                8192);
    }

    /// A grey TIFF of 32 × 32 tiles of 8 × 8 pixels.
    ///
    /// @param part the data of each tile
    /// @param copies how many times they are in the file: once, or once for each tile
    /// @param jpegTables empty when there are none
    private static byte[] tiledTiff(int compression, byte[] part, int copies, byte[] jpegTables) {
        int entries = jpegTables.length == 0 ? 10 : 11;
        int sizesAt = 8 + 2 + entries * 12 + 4 + 4 * TILES;
        int tablesAt = sizesAt + 4 * TILES;
        int partsAt = tablesAt + jpegTables.length;
        long[][] directory = {
            {256, 4, 1, 256},
            {257, 4, 1, 256},
            {258, 3, 1, 8},
            {259, 3, 1, compression},
            {262, 3, 1, 1},
            {277, 3, 1, 1},
            {322, 3, 1, 8},
            {323, 3, 1, 8},
            {324, 4, TILES, sizesAt - 4 * TILES},
            {325, 4, TILES, sizesAt},
            {347, 7, jpegTables.length, tablesAt}
        };
        byte[] file = tiff(Arrays.copyOf(directory, entries), partsAt + copies * part.length);
        ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(sizesAt - 4 * TILES);
        for (int tile = 0; tile < TILES; tile++) {
            data.putInt(partsAt + tile % copies * part.length);
        }
        for (int tile = 0; tile < TILES; tile++) {
            data.putInt(part.length);
        }
        data.put(jpegTables);
        for (int copy = 0; copy < copies; copy++) {
            data.put(part);
        }
        return file;
    }

    /// A grey JPEG of 8 × 8 pixels without tables.
    private static byte[] greyJpegPart() {
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        part.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
        JpegSegments.put(part, 0xC0, 8, 0, 8, 0, 8, 1, 1, 0x11, 0);
        JpegSegments.put(part, 0xDA, 1, 1, 0, 0, 63, 0);
        part.writeBytes(new byte[] {0x3F, (byte) 0xFF, (byte) 0xD9});
        return part.toByteArray();
    }

    /// The tables of [#greyJpegPart], those of codes any number of times.
    private static byte[] jpegTables(int times) {
        ByteArrayOutputStream tables = new ByteArrayOutputStream();
        tables.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
        int[] steps = new int[65];
        Arrays.fill(steps, 1, 65, 1);
        JpegSegments.put(tables, 0xDB, steps);
        JpegSegments.put(tables, 0xC4, JpegSegments.codes(0x00, 0, 1));
        for (int i = 0; i < times; i++) {
            JpegSegments.put(tables, 0xC4, JpegSegments.codes(0x10, 0, 1));
        }
        return tables.toByteArray();
    }

    /// Sixty-four samples, and before them blocks of no bytes (RFC 1951, 3.2.4).
    private static byte[] deflated(int emptyBlocks) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.writeBytes(new byte[] {0x78, 0x01});
        for (int i = 0; i < emptyBlocks; i++) {
            packed.writeBytes(new byte[] {0, 0, 0, -1, -1});
        }
        packed.writeBytes(new byte[] {1, 64, 0, ~64, -1});
        packed.writeBytes(new byte[64]);
        packed.writeBytes(new byte[] {0, 64, 0, 1}); // Adler-32 of 64 zeros
        return packed.toByteArray();
    }

    private static byte[] tiff(int width, int height, int bits, int samples, int sampleFormat) {
        return tiff(
                new long[][] {
                    {256, 4, 1, width},
                    {257, 4, 1, height},
                    {258, 3, 1, bits},
                    {259, 3, 1, 1},
                    {262, 3, 1, 1},
                    {273, 4, 1, 300},
                    {277, 3, 1, samples},
                    {278, 4, 1, height},
                    {279, 4, 1, (long) width * height * samples * bits / 8},
                    {339, 3, 1, sampleFormat}
                },
                300 + width * height * samples * bits / 8);
    }

    /// @param entries tag, type, count and value of each
    private static byte[] tiff(long[][] entries, int sizeBytes) {
        ByteBuffer file = ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put("II".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) entries.length);
        for (long[] entry : entries) {
            file.putShort((short) entry[0])
                    .putShort((short) entry[1])
                    .putInt((int) entry[2])
                    .putInt((int) entry[3]);
        }
        return file.putInt(0).array();
    }
}
