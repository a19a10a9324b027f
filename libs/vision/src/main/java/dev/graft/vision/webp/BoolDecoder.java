package dev.graft.vision.webp;

/// Reads the arithmetic-coded bits of one partition (RFC 6386, section 7).
final class BoolDecoder {
    private final byte[] data;
    private final int end;
    private int position;

    /// The stream's next [#bitCount] bits, less what the decoder has subtracted.
    private long value;

    private int bitCount;
    private int range = 255;

    /// Bits behind the end that were given as zeros.
    private int inventedBits;

    BoolDecoder(byte[] data, int start, int end) {
        this.data = data;
        this.position = start;
        this.end = end;
    }

    /// Reads a bit that is 0 with a probability of `probability` / 256.
    int bit(int probability) {
        if (bitCount < 16) {
            fill();
        }
        int split = 1 + (((range - 1) * probability) >> 8);
        long bigSplit = (long) split << (bitCount - 8);
        int bit;
        if (value >= bigSplit) {
            range -= split;
            value -= bigSplit;
            bit = 1;
        } else {
            range = split;
            bit = 0;
        }
        int shift = Integer.numberOfLeadingZeros(range) - 24;
        range <<= shift;
        bitCount -= shift;
        return bit;
    }

    boolean flag() {
        return bit(128) == 1;
    }

    /// Reads an unsigned number.
    int literal(int bits) {
        int number = 0;
        for (int i = 0; i < bits; i++) {
            number = number << 1 | bit(128);
        }
        return number;
    }

    /// Reads a number whose sign follows it.
    int signed(int bits) {
        int number = literal(bits);
        return flag() ? -number : number;
    }

    /// Reads a flag and, when it is set, a number whose sign follows it; else 0.
    int optionalSigned(int bits) {
        return flag() ? signed(bits) : 0;
    }

    /// Whether bits behind the end of the partition were used.
    boolean overran() {
        return inventedBits > bitCount;
    }

    private void fill() {
        while (bitCount <= 40) {
            value <<= 8;
            if (position < end) {
                value |= data[position++] & 0xFF;
            } else {
                inventedBits += 8;
            }
            bitCount += 8;
        }
    }
}
