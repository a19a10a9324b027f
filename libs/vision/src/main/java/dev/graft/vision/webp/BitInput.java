package dev.graft.vision.webp;

/// Reads the bits of a lossless picture, the lowest of a byte first (RFC 9649, section 3.2).
final class BitInput {
    private final byte[] data;
    private final int end;
    private int position;
    private long bits;
    private int count;

    /// Bits behind the end that were given as zeros.
    private int inventedBits;

    BitInput(byte[] data, int start, int end) {
        this.data = data;
        this.position = start;
        this.end = end;
    }

    /// Returns the next 32 bits without taking them.
    int peek() {
        while (count < 32) {
            if (position < end) {
                bits |= (data[position++] & 0xFFL) << count;
            } else {
                inventedBits += 8;
            }
            count += 8;
        }
        return (int) bits;
    }

    void take(int size) {
        bits >>>= size;
        count -= size;
    }

    /// Reads `size` bits, at most 24.
    int read(int size) {
        int value = peek() & ((1 << size) - 1);
        take(size);
        return value;
    }

    boolean flag() {
        return read(1) == 1;
    }

    /// Checks that no bit behind the end has been used.
    void checkNotOverrun() throws WebpException {
        if (inventedBits > count) {
            throw new WebpException("its picture data end before the picture does");
        }
    }
}
