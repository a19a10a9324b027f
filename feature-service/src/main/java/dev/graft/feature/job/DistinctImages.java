package dev.graft.feature.job;

import java.util.HexFormat;

/// Finds for each of many image ids whether it came before, in 16 bytes an image and a table that is half empty: about
/// 45 MB for a million. An id is known by its first 128 bits, which nobody makes collide.
final class DistinctImages {
    private static final int FIRST_CAPACITY = 1 << 10;
    private static final int HALF_DIGITS = 16;

    private long[] high = new long[FIRST_CAPACITY];
    private long[] low = new long[FIRST_CAPACITY];
    private int size;
    /// The id of zeros marks an empty place, and is kept here.
    private boolean zero;

    /// @param imageId SHA-256, hex
    /// @return whether it is new
    boolean add(String imageId) {
        long first = HexFormat.fromHexDigitsToLong(imageId, 0, HALF_DIGITS);
        long second = HexFormat.fromHexDigitsToLong(imageId, HALF_DIGITS, 2 * HALF_DIGITS);
        if (first == 0 && second == 0) {
            boolean fresh = !zero;
            zero = true;
            return fresh;
        }
        if (2 * (size + 1) > high.length) {
            grow();
        }
        if (!insert(high, low, first, second)) {
            return false;
        }
        size++;
        return true;
    }

    private void grow() {
        long[] wideHigh = new long[2 * high.length];
        long[] wideLow = new long[2 * high.length];
        for (int i = 0; i < high.length; i++) {
            if (high[i] != 0 || low[i] != 0) {
                boolean unused = insert(wideHigh, wideLow, high[i], low[i]);
            }
        }
        high = wideHigh;
        low = wideLow;
    }

    private static boolean insert(long[] high, long[] low, long first, long second) {
        int mask = high.length - 1;
        int place = (int) first & mask;
        while (high[place] != 0 || low[place] != 0) {
            if (high[place] == first && low[place] == second) {
                return false;
            }
            place = place + 1 & mask;
        }
        high[place] = first;
        low[place] = second;
        return true;
    }
}
