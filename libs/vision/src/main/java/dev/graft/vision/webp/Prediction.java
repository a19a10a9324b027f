package dev.graft.vision.webp;

import java.util.Arrays;

/// Predicts samples from those above and to the left (RFC 6386, section 12).
final class Prediction {
    static final int DC = 0;
    static final int TRUE_MOTION = 1;
    static final int VERTICAL = 2;
    static final int HORIZONTAL = 3;
    static final int LEFT_DOWN = 4;
    static final int RIGHT_DOWN = 5;
    static final int VERTICAL_RIGHT = 6;
    static final int VERTICAL_LEFT = 7;
    static final int HORIZONTAL_DOWN = 8;
    static final int HORIZONTAL_UP = 9;

    private Prediction() {}

    /// Predicts a square of a macroblock as a whole.
    ///
    /// @param size 16 for luma, 8 for chroma
    /// @param hasAbove whether there is a macroblock above
    /// @param hasLeft whether there is a macroblock to the left
    static void whole(int mode, Plane plane, int offset, int size, boolean hasAbove, boolean hasLeft) {
        switch (mode) {
            case DC -> fill(plane, offset, size, average(plane, offset, size, hasAbove, hasLeft));
            case TRUE_MOTION -> trueMotion(plane, offset, size);
            case VERTICAL -> {
                for (int y = 0; y < size; y++) {
                    System.arraycopy(
                            plane.samples, offset - plane.stride, plane.samples, offset + y * plane.stride, size);
                }
            }
            case HORIZONTAL -> {
                for (int y = 0, at = offset; y < size; y++, at += plane.stride) {
                    Arrays.fill(plane.samples, at, at + size, plane.samples[at - 1]);
                }
            }
            default -> throw new IllegalArgumentException("Not a mode of a whole macroblock: " + mode);
        }
    }

    private static int average(Plane plane, int offset, int size, boolean hasAbove, boolean hasLeft) {
        int sum = 0;
        int count = 0;
        for (int i = 0; i < size; i++) {
            sum += hasAbove ? plane.samples[offset - plane.stride + i] & 0xFF : 0;
            sum += hasLeft ? plane.samples[offset + i * plane.stride - 1] & 0xFF : 0;
        }
        count += hasAbove ? size : 0;
        count += hasLeft ? size : 0;
        return count == 0 ? 128 : (sum + count / 2) / count;
    }

    private static void fill(Plane plane, int offset, int size, int value) {
        for (int y = 0, at = offset; y < size; y++, at += plane.stride) {
            Arrays.fill(plane.samples, at, at + size, (byte) value);
        }
    }

    private static void trueMotion(Plane plane, int offset, int size) {
        byte[] samples = plane.samples;
        int above = offset - plane.stride;
        int corner = samples[above - 1] & 0xFF;
        for (int y = 0, at = offset; y < size; y++, at += plane.stride) {
            int left = (samples[at - 1] & 0xFF) - corner;
            for (int x = 0; x < size; x++) {
                samples[at + x] = (byte) Math.clamp((samples[above + x] & 0xFF) + left, 0, 255);
            }
        }
    }

    /// Predicts a 4 × 4 block of luma.
    ///
    /// @param edge the 13 samples around it: left from the bottom up, the corner, above, above to the right
    static void block(int mode, Plane plane, int offset, int[] edge) {
        switch (mode) {
            case DC -> {
                int sum = 4;
                for (int i = 0; i < 4; i++) {
                    sum += edge[i] + edge[5 + i];
                }
                fill(plane, offset, 4, sum >> 3);
            }
            case TRUE_MOTION -> trueMotion(plane, offset, 4);
            case VERTICAL -> {
                for (int x = 0; x < 4; x++) {
                    int value = three(edge, 5 + x);
                    for (int y = 0; y < 4; y++) {
                        set(plane, offset, x, y, value);
                    }
                }
            }
            case HORIZONTAL -> {
                for (int y = 0; y < 4; y++) {
                    int value = y == 3 ? (edge[1] + 3 * edge[0] + 2) >> 2 : three(edge, 3 - y);
                    fill(plane, offset + y * plane.stride, value);
                }
            }
            default -> diagonal(mode, plane, offset, edge);
        }
    }

    private static void fill(Plane plane, int rowOffset, int value) {
        Arrays.fill(plane.samples, rowOffset, rowOffset + 4, (byte) value);
    }

    private static void diagonal(int mode, Plane plane, int offset, int[] edge) {
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                int value = switch (mode) {
                    case LEFT_DOWN -> leftDown(edge, x + y);
                    case RIGHT_DOWN -> three(edge, 4 + x - y);
                    case VERTICAL_RIGHT -> verticalRight(edge, x, y);
                    case VERTICAL_LEFT -> verticalLeft(edge, x, y);
                    case HORIZONTAL_DOWN -> horizontalDown(edge, x, y);
                    case HORIZONTAL_UP -> horizontalUp(edge, x + 2 * y);
                    default -> throw new IllegalArgumentException("Not a mode of a block: " + mode);
                };
                set(plane, offset, x, y, value);
            }
        }
    }

    private static int leftDown(int[] edge, int distance) {
        return distance == 6 ? (edge[11] + 3 * edge[12] + 2) >> 2 : three(edge, 6 + distance);
    }

    private static int verticalRight(int[] edge, int x, int y) {
        int place = 2 * x - y;
        if (place < 0) {
            return place == -1 ? three(edge, 4) : three(edge, 5 + place);
        }
        int at = 4 + (place >> 1);
        return (place & 1) == 0 ? two(edge, at) : three(edge, at + 1);
    }

    private static int verticalLeft(int[] edge, int x, int y) {
        if (x == 3 && y >= 2) {
            return three(edge, y == 2 ? 10 : 11);
        }
        int at = 5 + x + (y >> 1);
        return (y & 1) == 0 ? two(edge, at) : three(edge, at + 1);
    }

    private static int horizontalDown(int[] edge, int x, int y) {
        int place = 2 * y - x;
        if (place < 0) {
            return place == -1 ? three(edge, 4) : three(edge, 3 - place);
        }
        int at = 3 - (place >> 1);
        return (place & 1) == 0 ? two(edge, at) : three(edge, at);
    }

    private static int horizontalUp(int[] edge, int place) {
        if (place > 5) {
            return edge[0];
        }
        if (place == 5) {
            return (edge[1] + 3 * edge[0] + 2) >> 2;
        }
        int at = 3 - (place >> 1);
        return (place & 1) == 0 ? two(edge, at - 1) : three(edge, at - 1);
    }

    private static int two(int[] edge, int at) {
        return (edge[at] + edge[at + 1] + 1) >> 1;
    }

    private static int three(int[] edge, int centre) {
        return (edge[centre - 1] + 2 * edge[centre] + edge[centre + 1] + 2) >> 2;
    }

    private static void set(Plane plane, int offset, int x, int y, int value) {
        plane.samples[offset + y * plane.stride + x] = (byte) value;
    }
}
