package dev.graft.vision.webp;

import java.util.Arrays;

/// Decodes one VP8 key frame. Holds nothing static but constants: any number of threads may decode.
public final class Vp8Decoder {
    private static final int HEADER_BYTES = 10;

    /// Modes and contexts of a macroblock of the row above.
    private static final int ROW_BYTES = 128;

    /// Probabilities, steps and coefficients.
    private static final int HEADER_WORKING_BYTES = 16 << 10;

    private final int width;
    private final int height;
    private final int macroblocksWide;
    private final int macroblocksHigh;
    private final Vp8Header header;
    private final BoolDecoder modes;
    private final BoolDecoder[] partitions;
    private final Residuals residuals;
    private final Plane luma;
    private final Plane u;
    private final Plane v;

    /// Modes of the 4 × 4 blocks above and to the left of the next macroblock.
    private final int[] modesAbove;

    private final int[] modesLeft = new int[4];

    /// For each macroblock the filter to apply, negative when not within: segment × 2 + (predicted by blocks), less 8.
    private final byte[] filters;

    private final int[] edge = new int[13];

    private Vp8Decoder(byte[] file, int offset, int length) throws WebpException {
        Size size = size(file, offset, length);
        width = size.width();
        height = size.height();
        macroblocksWide = (width + 15) >> 4;
        macroblocksHigh = (height + 15) >> 4;
        int tag = u24(file, offset);
        int firstEnd = offset + HEADER_BYTES + (tag >> 5);
        int end = offset + length;
        if (firstEnd > end) {
            throw new WebpException("its first partition is longer than the picture's data");
        }
        if ((long) macroblocksWide * macroblocksHigh > 64L * length) {
            throw new WebpException("it is too short for the size that it claims");
        }
        modes = new BoolDecoder(file, offset + HEADER_BYTES, firstEnd);
        header = Vp8Header.read(modes);
        partitions = partitions(file, firstEnd, end, header.partitions());
        residuals = new Residuals(header.coefficients(), macroblocksWide);
        luma = new Plane(macroblocksWide * 16, macroblocksHigh * 16);
        u = new Plane(macroblocksWide * 8, macroblocksHigh * 8);
        v = new Plane(macroblocksWide * 8, macroblocksHigh * 8);
        modesAbove = new int[macroblocksWide * 4];
        filters = new byte[macroblocksWide * macroblocksHigh];
    }

    /// Says how large a picture is.
    ///
    /// @param width width in pixels
    /// @param height height in pixels
    public record Size(int width, int height) {}

    /// Reads the size of a picture from its header.
    ///
    /// @throws WebpException when the data do not begin a key frame
    public static Size size(byte[] file, int offset, int length) throws WebpException {
        if (length < HEADER_BYTES) {
            throw new WebpException("its picture data are too short");
        }
        boolean isKeyFrame = (file[offset] & 1) == 0;
        if (!isKeyFrame || u24(file, offset + 3) != 0x2A019D) {
            throw new WebpException("its picture data do not begin as they must");
        }
        return new Size(u24(file, offset + 6) & 0x3FFF, u24(file, offset + 8 - 1) >> 8 & 0x3FFF);
    }

    /// Returns the most bytes that decoding a frame holds at one moment: its planes, a few numbers for each macroblock,
    /// and the result.
    public static long workingBytes(int width, int height) {
        long wide = (width + 15) >> 4;
        long high = (height + 15) >> 4;
        long planes = (16 * wide + 8) * (16 * high + 1) + 2 * (8 * wide + 8) * (8 * high + 1);
        return planes + wide * high + ROW_BYTES * wide + HEADER_WORKING_BYTES + 3L * width * height;
    }

    /// Decodes a frame.
    ///
    /// @param offset where the frame begins
    /// @param length its length in bytes
    /// @return uint8 [height, width, 3], red, green, blue
    /// @throws WebpException when the frame is damaged
    public static byte[] decode(byte[] file, int offset, int length) throws WebpException {
        Vp8Decoder decoder = new Vp8Decoder(file, offset, length);
        decoder.reconstruct();
        decoder.filter();
        return Colours.rgb(decoder.luma, decoder.u, decoder.v, decoder.width, decoder.height);
    }

    private static BoolDecoder[] partitions(byte[] file, int start, int end, int count) throws WebpException {
        int at = start + 3 * (count - 1);
        BoolDecoder[] partitions = new BoolDecoder[count];
        for (int i = 0; i < count; i++) {
            int next = i == count - 1 ? end : at <= end ? at + u24(file, start + 3 * i) : end + 1;
            if (next > end || at > end) {
                throw new WebpException("a partition is longer than the picture's data");
            }
            partitions[i] = new BoolDecoder(file, at, next);
            at = next;
        }
        return partitions;
    }

    private static int u24(byte[] file, int at) {
        return file[at] & 0xFF | (file[at + 1] & 0xFF) << 8 | (file[at + 2] & 0xFF) << 16;
    }

    private void reconstruct() throws WebpException {
        for (int row = 0; row < macroblocksHigh; row++) {
            BoolDecoder tokens = partitions[row & (partitions.length - 1)];
            residuals.startRow();
            Arrays.fill(modesLeft, Prediction.DC);
            for (int column = 0; column < macroblocksWide; column++) {
                reconstruct(column, row, tokens);
            }
            if (modes.overran() || tokens.overran()) {
                throw new WebpException("its picture data end before the picture does");
            }
        }
    }

    private void reconstruct(int column, int row, BoolDecoder tokens) {
        int segment = 0;
        int[] tree = header.segmentProbabilities();
        if (tree.length > 0) {
            segment = modes.bit(tree[0]) == 0 ? modes.bit(tree[1]) : 2 + modes.bit(tree[2]);
        }
        boolean skipped = header.skipProbability() >= 0 && modes.bit(header.skipProbability()) == 1;
        boolean byBlocks = modes.bit(145) == 0;
        int[] blockModes = new int[16];
        int lumaMode = 0;
        if (byBlocks) {
            readBlockModes(column, blockModes);
        } else {
            lumaMode = readLumaMode();
            Arrays.fill(modesAbove, column * 4, column * 4 + 4, lumaMode);
            Arrays.fill(modesLeft, lumaMode);
        }
        int chromaMode = readChromaMode();
        boolean has = false;
        if (skipped) {
            residuals.skip(column, !byBlocks);
        } else {
            has = residuals.read(tokens, column, !byBlocks, header.steps()[segment]);
        }
        int filter = segment * 2 + (byBlocks ? 1 : 0);
        filters[row * macroblocksWide + column] = (byte) (byBlocks || has ? filter : filter - 8);
        if (byBlocks) {
            predictBlocks(column, row, blockModes, has);
        } else {
            Prediction.whole(lumaMode, luma, luma.offset(column * 16, row * 16), 16, row > 0, column > 0);
            for (int block = 0; has && block < 16; block++) {
                int at = luma.offset(column * 16 + (block & 3) * 4, row * 16 + (block >> 2) * 4);
                Transform.addInverseDct(residuals.coefficients, block * 16, luma, at);
            }
        }
        predictChroma(u, 16, column, row, chromaMode, has);
        predictChroma(v, 20, column, row, chromaMode, has);
    }

    private int readLumaMode() {
        if (modes.bit(156) == 0) {
            return modes.bit(163) == 0 ? Prediction.DC : Prediction.VERTICAL;
        }
        return modes.bit(128) == 0 ? Prediction.HORIZONTAL : Prediction.TRUE_MOTION;
    }

    private int readChromaMode() {
        if (modes.bit(142) == 0) {
            return Prediction.DC;
        }
        if (modes.bit(114) == 0) {
            return Prediction.VERTICAL;
        }
        return modes.bit(183) == 0 ? Prediction.HORIZONTAL : Prediction.TRUE_MOTION;
    }

    private void readBlockModes(int column, int[] blockModes) {
        for (int block = 0; block < 16; block++) {
            int above = column * 4 + (block & 3);
            int left = block >> 2;
            int mode = readBlockMode((modesAbove[above] * Vp8Tables.MODES + modesLeft[left]) * (Vp8Tables.MODES - 1));
            blockModes[block] = mode;
            modesAbove[above] = mode;
            modesLeft[left] = mode;
        }
    }

    /// Walks the tree of section 11.2 of RFC 6386.
    private int readBlockMode(int at) {
        if (blockBit(at) == 0) {
            return Prediction.DC;
        }
        if (blockBit(at + 1) == 0) {
            return Prediction.TRUE_MOTION;
        }
        if (blockBit(at + 2) == 0) {
            return Prediction.VERTICAL;
        }
        if (blockBit(at + 3) == 0) {
            if (blockBit(at + 4) == 0) {
                return Prediction.HORIZONTAL;
            }
            return blockBit(at + 5) == 0 ? Prediction.RIGHT_DOWN : Prediction.VERTICAL_RIGHT;
        }
        if (blockBit(at + 6) == 0) {
            return Prediction.LEFT_DOWN;
        }
        if (blockBit(at + 7) == 0) {
            return Prediction.VERTICAL_LEFT;
        }
        return blockBit(at + 8) == 0 ? Prediction.HORIZONTAL_DOWN : Prediction.HORIZONTAL_UP;
    }

    private int blockBit(int at) {
        return modes.bit(Vp8Tables.BLOCK_MODES[at] & 0xFF);
    }

    private void predictBlocks(int column, int row, int[] blockModes, boolean has) {
        int[] aboveRight = aboveRight(column, row);
        for (int block = 0; block < 16; block++) {
            int at = luma.offset(column * 16 + (block & 3) * 4, row * 16 + (block >> 2) * 4);
            for (int i = 0; i < 4; i++) {
                edge[3 - i] = luma.samples[at + i * luma.stride - 1] & 0xFF;
            }
            for (int i = 0; i < 9; i++) {
                boolean outside = (block & 3) == 3 && i > 4;
                edge[4 + i] = outside ? aboveRight[i - 5] : luma.samples[at - luma.stride - 1 + i] & 0xFF;
            }
            Prediction.block(blockModes[block], luma, at, edge);
            if (has) {
                Transform.addInverseDct(residuals.coefficients, block * 16, luma, at);
            }
        }
    }

    /// Returns the four samples above and to the right of a macroblock, which serve its lower blocks too; at the right
    /// border the last one above repeats, as in libwebp.
    private int[] aboveRight(int column, int row) {
        int at = luma.offset(column * 16 + 16, row * 16 - 1);
        boolean repeats = row > 0 && column == macroblocksWide - 1;
        int[] samples = new int[4];
        for (int i = 0; i < 4; i++) {
            samples[i] = luma.samples[repeats ? at - 1 : at + i] & 0xFF;
        }
        return samples;
    }

    private void predictChroma(Plane plane, int firstBlock, int column, int row, int mode, boolean has) {
        int offset = plane.offset(column * 8, row * 8);
        Prediction.whole(mode, plane, offset, 8, row > 0, column > 0);
        for (int block = 0; has && block < 4; block++) {
            int at = offset + (block >> 1) * 4 * plane.stride + (block & 1) * 4;
            Transform.addInverseDct(residuals.coefficients, (firstBlock + block) * 16, plane, at);
        }
    }

    private void filter() {
        for (int row = 0; row < macroblocksHigh; row++) {
            for (int column = 0; column < macroblocksWide; column++) {
                int code = filters[row * macroblocksWide + column];
                Vp8Header.Filter filter = header.filters()[(code & 7) >> 1][code & 1];
                boolean inner = code >= 0;
                int lumaOffset = luma.offset(column * 16, row * 16);
                if (filter.limit() == 0) {
                    continue;
                }
                if (header.simpleFilter()) {
                    LoopFilter.simple(luma, lumaOffset, filter, column > 0, row > 0, inner);
                } else {
                    int chromaOffset = u.offset(column * 8, row * 8);
                    LoopFilter.normal(luma, lumaOffset, 16, filter, column > 0, row > 0, inner);
                    LoopFilter.normal(u, chromaOffset, 8, filter, column > 0, row > 0, inner);
                    LoopFilter.normal(v, chromaOffset, 8, filter, column > 0, row > 0, inner);
                }
            }
        }
    }
}
