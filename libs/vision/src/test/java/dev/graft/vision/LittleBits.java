package dev.graft.vision;

import java.io.ByteArrayOutputStream;

/// Writes bits, the lowest of a byte first.
final class LittleBits {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int pending;
    private int count;

    void put(int value, int size) {
        for (int i = 0; i < size; i++) {
            pending |= (value >> i & 1) << count++;
            if (count == 8) {
                bytes.write(pending);
                pending = 0;
                count = 0;
            }
        }
    }

    byte[] bytes() {
        bytes.write(pending);
        return bytes.toByteArray();
    }
}
