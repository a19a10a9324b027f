package dev.graft.vision.webp;

/// Smooths the borders of blocks (RFC 6386, section 15; `src/dsp/dec.c` of libwebp).
final class LoopFilter {
    private LoopFilter() {}

    /// Filters one macroblock of luma, only by its two nearest samples on each side.
    static void simple(Plane luma, int offset, Vp8Header.Filter filter, boolean left, boolean top, boolean inner) {
        int stride = luma.stride;
        if (left) {
            simpleEdge(luma.samples, offset, 1, stride, filter.limit() + 4);
        }
        for (int i = 4; inner && i < 16; i += 4) {
            simpleEdge(luma.samples, offset + i, 1, stride, filter.limit());
        }
        if (top) {
            simpleEdge(luma.samples, offset, stride, 1, filter.limit() + 4);
        }
        for (int i = 4; inner && i < 16; i += 4) {
            simpleEdge(luma.samples, offset + i * stride, stride, 1, filter.limit());
        }
    }

    /// Filters one macroblock of a plane.
    ///
    /// @param size 16 for luma, 8 for chroma
    /// @param left whether to filter its left border
    /// @param top whether to filter its upper border
    /// @param inner whether to filter the borders of the blocks within
    static void normal(
            Plane plane, int offset, int size, Vp8Header.Filter filter, boolean left, boolean top, boolean inner) {
        int stride = plane.stride;
        if (left) {
            macroblockEdge(plane.samples, offset, 1, stride, size, filter);
        }
        for (int i = 4; inner && i < size; i += 4) {
            blockEdge(plane.samples, offset + i, 1, stride, size, filter);
        }
        if (top) {
            macroblockEdge(plane.samples, offset, stride, 1, size, filter);
        }
        for (int i = 4; inner && i < size; i += 4) {
            blockEdge(plane.samples, offset + i * stride, stride, 1, size, filter);
        }
    }

    private static void simpleEdge(byte[] s, int offset, int across, int along, int limit) {
        for (int i = 0, at = offset; i < 16; i++, at += along) {
            if (differsLittle(s, at, across, 2 * limit + 1)) {
                filterTwo(s, at, across);
            }
        }
    }

    private static void macroblockEdge(byte[] s, int offset, int across, int along, int size, Vp8Header.Filter filter) {
        int limit = 2 * (filter.limit() + 4) + 1;
        for (int i = 0, at = offset; i < size; i++, at += along) {
            if (isSmooth(s, at, across, limit, filter.innerLimit())) {
                if (varies(s, at, across, filter.highVariance())) {
                    filterTwo(s, at, across);
                } else {
                    filterSix(s, at, across);
                }
            }
        }
    }

    private static void blockEdge(byte[] s, int offset, int across, int along, int size, Vp8Header.Filter filter) {
        int limit = 2 * filter.limit() + 1;
        for (int i = 0, at = offset; i < size; i++, at += along) {
            if (isSmooth(s, at, across, limit, filter.innerLimit())) {
                if (varies(s, at, across, filter.highVariance())) {
                    filterTwo(s, at, across);
                } else {
                    filterFour(s, at, across);
                }
            }
        }
    }

    private static boolean differsLittle(byte[] s, int at, int step, int limit) {
        return 4 * difference(s, at - step, at) + difference(s, at - 2 * step, at + step) <= limit;
    }

    private static boolean isSmooth(byte[] s, int at, int step, int limit, int innerLimit) {
        return differsLittle(s, at, step, limit)
                && difference(s, at - 4 * step, at - 3 * step) <= innerLimit
                && difference(s, at - 3 * step, at - 2 * step) <= innerLimit
                && difference(s, at - 2 * step, at - step) <= innerLimit
                && difference(s, at + 3 * step, at + 2 * step) <= innerLimit
                && difference(s, at + 2 * step, at + step) <= innerLimit
                && difference(s, at + step, at) <= innerLimit;
    }

    private static boolean varies(byte[] s, int at, int step, int threshold) {
        return difference(s, at - 2 * step, at - step) > threshold || difference(s, at + step, at) > threshold;
    }

    private static void filterTwo(byte[] s, int at, int step) {
        int outer = Math.clamp(u(s, at - 2 * step) - u(s, at + step), -128, 127);
        int a = 3 * (u(s, at) - u(s, at - step)) + outer;
        add(s, at - step, eighth(a + 3));
        add(s, at, -eighth(a + 4));
    }

    private static void filterFour(byte[] s, int at, int step) {
        int a = 3 * (u(s, at) - u(s, at - step));
        int a1 = eighth(a + 4);
        int a3 = (a1 + 1) >> 1;
        add(s, at - 2 * step, a3);
        add(s, at - step, eighth(a + 3));
        add(s, at, -a1);
        add(s, at + step, -a3);
    }

    private static void filterSix(byte[] s, int at, int step) {
        int outer = Math.clamp(u(s, at - 2 * step) - u(s, at + step), -128, 127);
        int a = Math.clamp(3 * (u(s, at) - u(s, at - step)) + outer, -128, 127);
        int a1 = (27 * a + 63) >> 7;
        int a2 = (18 * a + 63) >> 7;
        int a3 = (9 * a + 63) >> 7;
        add(s, at - 3 * step, a3);
        add(s, at - 2 * step, a2);
        add(s, at - step, a1);
        add(s, at, -a1);
        add(s, at + step, -a2);
        add(s, at + 2 * step, -a3);
    }

    private static int eighth(int a) {
        return Math.clamp(a >> 3, -16, 15);
    }

    private static int difference(byte[] s, int one, int other) {
        return Math.abs(u(s, one) - u(s, other));
    }

    private static void add(byte[] s, int at, int difference) {
        s[at] = (byte) Math.clamp(u(s, at) + difference, 0, 255);
    }

    private static int u(byte[] s, int at) {
        return s[at] & 0xFF;
    }
}
