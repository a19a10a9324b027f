package dev.graft.vision;

import java.io.ByteArrayOutputStream;

/// Writes the marker segments of JPEGs that tests make (T.81, B.1.1).
final class JpegSegments {
    private JpegSegments() {}

    static void put(ByteArrayOutputStream file, int marker, int... body) {
        file.write(0xFF);
        file.write(marker);
        file.write(body.length + 2 >> 8);
        file.write(body.length + 2);
        for (int value : body) {
            file.write(value);
        }
    }

    /// Gives the body of a table of two codes: 0 and 10.
    static int[] codes(int slot, int first, int second) {
        int[] table = new int[19];
        table[0] = slot;
        table[1] = 1;
        table[2] = 1;
        table[17] = first;
        table[18] = second;
        return table;
    }
}
