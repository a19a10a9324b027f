package dev.graft.vision.webp;

import java.util.ArrayDeque;
import java.util.Deque;

/// Decodes a lossless picture, and the separate transparency of a lossy one (RFC 9649, sections 2.7.1.2 and 3). Holds
/// nothing static but constants: any number of threads may decode.
public final class LosslessDecoder {
    private static final int HEADER_BYTES = 5;
    private static final int SIGNATURE = 0x2F;

    private LosslessDecoder() {}

    /// Returns the most bytes that decoding holds at one moment: pixels, packed pixels of a palette besides, images of
    /// two transforms and of groups, with a value for each 4 × 4 pixels, and codes. The result is among them.
    public static long workingBytes(int length, int width, int height) {
        long pixels = (long) width * height;
        long packed = (long) LosslessImage.parts(width, 1) * height;
        long parts = (long) LosslessImage.parts(width, 2) * LosslessImage.parts(height, 2);
        return Integer.BYTES * (pixels + packed + 3 * parts) + LosslessImage.codesBytes(length);
    }

    /// Returns the most bytes that decoding separate transparency holds at one moment.
    public static long alphaWorkingBytes(int length, int width, int height) {
        return workingBytes(length, width, height) + (long) width * height;
    }

    /// Decodes a picture.
    ///
    /// @param offset where its data begin, with the signature
    /// @param length length of the data in bytes
    /// @return [height, width], alpha << 24 | red << 16 | green << 8 | blue, opaque where alpha is not used
    /// @throws WebpException when the data are damaged
    public static int[] decode(byte[] file, int offset, int length) throws WebpException {
        if (length < HEADER_BYTES || file[offset] != SIGNATURE) {
            throw new WebpException("its picture data do not begin as they must");
        }
        BitInput in = new BitInput(file, offset + 1, offset + length);
        int width = in.read(14) + 1;
        int height = in.read(14) + 1;
        boolean hasAlpha = in.flag();
        if (in.read(3) != 0) {
            throw new WebpException("its lossless data are of an unknown version");
        }
        int[] argb = decode(in, width, height);
        for (int i = 0; !hasAlpha && i < argb.length; i++) {
            argb[i] |= 0xFF000000;
        }
        return argb;
    }

    /// Decodes separate transparency.
    ///
    /// @param offset where the content of its chunk begins
    /// @param length length of the content in bytes
    /// @param width width of the picture
    /// @param height height of the picture
    /// @return uint8 [height, width]
    /// @throws WebpException when the data are damaged
    public static byte[] decodeAlpha(byte[] file, int offset, int length, int width, int height) throws WebpException {
        byte[] alpha = new byte[Math.multiplyExact(width, height)];
        int head = length == 0 ? 0 : file[offset];
        switch (head & 3) {
            case 0 -> {
                if (length - 1 < alpha.length) {
                    throw new WebpException("its transparency ends before the picture does");
                }
                System.arraycopy(file, offset + 1, alpha, 0, alpha.length);
            }
            case 1 -> {
                int[] argb = decode(new BitInput(file, offset + 1, offset + length), width, height);
                for (int i = 0; i < alpha.length; i++) {
                    alpha[i] = (byte) (argb[i] >> 8);
                }
            }
            default -> throw new WebpException("its transparency is coded in an unknown way");
        }
        unfilter(alpha, width, head >> 2 & 3);
        return alpha;
    }

    private static int[] decode(BitInput in, int imageWidth, int height) throws WebpException {
        Deque<LosslessTransform> transforms = new ArrayDeque<>();
        int seen = 0;
        int width = imageWidth;
        while (in.flag()) {
            int type = in.read(2);
            if ((seen & 1 << type) != 0) {
                throw new WebpException("it names a transform twice");
            }
            seen |= 1 << type;
            LosslessTransform transform = readTransform(in, type, width, height);
            if (transform instanceof LosslessTransform.Palette palette) {
                width = LosslessImage.parts(width, palette.bits());
            }
            transforms.push(transform);
        }
        int[] argb = LosslessImage.read(in, width, height, true);
        for (LosslessTransform transform : transforms) {
            argb = transform.undo(argb);
        }
        return argb;
    }

    private static LosslessTransform readTransform(BitInput in, int type, int width, int height) throws WebpException {
        if (type == 2) {
            return new LosslessTransform.SubtractGreen();
        }
        if (type == 3) {
            int colours = in.read(8) + 1;
            int bits = colours > 16 ? 0 : colours > 4 ? 1 : colours > 2 ? 2 : 3;
            return LosslessTransform.Palette.of(width, height, bits, LosslessImage.read(in, colours, 1, false));
        }
        int bits = in.read(3) + 2;
        int[] data = LosslessImage.read(in, LosslessImage.parts(width, bits), LosslessImage.parts(height, bits), false);
        return type == 0
                ? new LosslessTransform.Predictor(width, bits, data)
                : new LosslessTransform.CrossColour(width, bits, data);
    }

    /// Adds predictions: 1 from the left, 2 from above, 3 from both and the corner between them.
    private static void unfilter(byte[] alpha, int width, int filter) {
        for (int at = 1; filter != 0 && at < alpha.length; at++) {
            boolean firstColumn = at % width == 0;
            boolean firstRow = at < width;
            int left = firstColumn ? 0 : alpha[at - 1] & 0xFF;
            int above = firstRow ? 0 : alpha[at - width] & 0xFF;
            int prediction;
            if (firstRow || filter == 1 && !firstColumn) {
                prediction = left;
            } else if (firstColumn || filter == 2) {
                prediction = above;
            } else {
                prediction = Math.clamp(left + above - (alpha[at - width - 1] & 0xFF), 0, 255);
            }
            alpha[at] += (byte) prediction;
        }
    }
}
