package dev.graft.vision.webp;

/// Undoes one of the transforms that a lossless encoder applies to a picture (RFC 9649, section 4).
sealed interface LosslessTransform {
    /// Undoes the transform.
    ///
    /// @param argb the transformed picture, which may be used for the result
    int[] undo(int[] argb);

    private static int addBytes(int one, int other) {
        int alphaAndGreen = (one & 0xFF00FF00) + (other & 0xFF00FF00);
        int redAndBlue = (one & 0x00FF00FF) + (other & 0x00FF00FF);
        return alphaAndGreen & 0xFF00FF00 | redAndBlue & 0x00FF00FF;
    }

    /// Each pixel is the difference from a prediction, whose mode is in the green of `modes`.
    record Predictor(int width, int bits, int[] modes) implements LosslessTransform {
        private static final int BLACK = 0xFF000000;

        @Override
        public int[] undo(int[] argb) {
            int parts = LosslessImage.parts(width, bits);
            for (int at = 0; at < argb.length; at++) {
                int x = at % width;
                int y = at / width;
                int prediction;
                if (y == 0) {
                    prediction = x == 0 ? BLACK : argb[at - 1];
                } else if (x == 0) {
                    prediction = argb[at - width];
                } else {
                    int mode = modes[(y >> bits) * parts + (x >> bits)] >> 8 & 15;
                    prediction = predict(mode, argb, at);
                }
                argb[at] = addBytes(argb[at], prediction);
            }
            return argb;
        }

        private int predict(int mode, int[] argb, int at) {
            int left = argb[at - 1];
            int topLeft = argb[at - width - 1];
            int top = argb[at - width];
            int topRight = argb[at - width + 1];
            return switch (mode) {
                case 1 -> left;
                case 2 -> top;
                case 3 -> topRight;
                case 4 -> topLeft;
                case 5 -> average(average(left, topRight), top);
                case 6 -> average(left, topLeft);
                case 7 -> average(left, top);
                case 8 -> average(topLeft, top);
                case 9 -> average(top, topRight);
                case 10 -> average(average(left, topLeft), average(top, topRight));
                case 11 -> select(left, top, topLeft);
                case 12 -> gradient(left, top, topLeft);
                case 13 -> halfGradient(average(left, top), topLeft);
                default -> BLACK;
            };
        }

        private static int average(int one, int other) {
            return (((one ^ other) & 0xFEFEFEFE) >>> 1) + (one & other);
        }

        private static int select(int left, int top, int topLeft) {
            int balance = 0;
            for (int shift = 0; shift < 32; shift += 8) {
                int corner = topLeft >>> shift & 0xFF;
                balance += Math.abs((left >>> shift & 0xFF) - corner) - Math.abs((top >>> shift & 0xFF) - corner);
            }
            return balance <= 0 ? top : left;
        }

        private static int gradient(int left, int top, int topLeft) {
            int pixel = 0;
            for (int shift = 0; shift < 32; shift += 8) {
                int sum = (left >>> shift & 0xFF) + (top >>> shift & 0xFF) - (topLeft >>> shift & 0xFF);
                pixel |= Math.clamp(sum, 0, 255) << shift;
            }
            return pixel;
        }

        private static int halfGradient(int mean, int topLeft) {
            int pixel = 0;
            for (int shift = 0; shift < 32; shift += 8) {
                int value = mean >>> shift & 0xFF;
                pixel |= Math.clamp(value + (value - (topLeft >>> shift & 0xFF)) / 2, 0, 255) << shift;
            }
            return pixel;
        }
    }

    /// Red and blue are differences from multiples of other colours; the factors are in `factors`.
    record CrossColour(int width, int bits, int[] factors) implements LosslessTransform {
        @Override
        public int[] undo(int[] argb) {
            int parts = LosslessImage.parts(width, bits);
            for (int at = 0; at < argb.length; at++) {
                int factor = factors[(at / width >> bits) * parts + (at % width >> bits)];
                int pixel = argb[at];
                int green = pixel >> 8;
                int red = (pixel >> 16) + product(factor, green);
                int blue = pixel + product(factor >> 8, green) + product(factor >> 16, red);
                argb[at] = pixel & 0xFF00FF00 | (red & 0xFF) << 16 | blue & 0xFF;
            }
            return argb;
        }

        private static int product(int factor, int colour) {
            return (byte) factor * (byte) colour >> 5;
        }
    }

    /// Red and blue are differences from green.
    record SubtractGreen() implements LosslessTransform {
        @Override
        public int[] undo(int[] argb) {
            for (int at = 0; at < argb.length; at++) {
                int green = argb[at] >> 8 & 0xFF;
                argb[at] = addBytes(argb[at], green << 16 | green);
            }
            return argb;
        }
    }

    /// Green is an index into a palette; with `bits` above 0, 2^bits of them share a byte.
    record Palette(int width, int height, int bits, int[] colours) implements LosslessTransform {
        @Override
        public int[] undo(int[] packed) {
            int[] argb = bits == 0 ? packed : new int[Math.multiplyExact(width, height)];
            int packedWidth = LosslessImage.parts(width, bits);
            int indexBits = 8 >> bits;
            for (int y = 0, at = 0; y < height; y++) {
                for (int x = 0; x < width; x++, at++) {
                    int shift = indexBits * (x & ((1 << bits) - 1));
                    int green = packed[y * packedWidth + (x >> bits)] >> 8 & 0xFF;
                    int index = green >> shift & ((1 << indexBits) - 1);
                    argb[at] = index < colours.length ? colours[index] : 0;
                }
            }
            return argb;
        }

        /// Makes the palette of an image in which every colour is the difference from the one before it.
        static Palette of(int width, int height, int bits, int[] differences) {
            for (int i = 1; i < differences.length; i++) {
                differences[i] = addBytes(differences[i], differences[i - 1]);
            }
            return new Palette(width, height, bits, differences);
        }
    }
}
