package dev.graft.vision;

import java.nio.ByteOrder;

/// Reads unsigned numbers from a file in memory; beyond its end everything is zero, so that a reader of headers needs
/// one check and not one a byte.
record ByteReader(byte[] bytes, ByteOrder order) {
    int u8(long offset) {
        return offset < 0 || offset >= bytes.length ? 0 : bytes[(int) offset] & 0xFF;
    }

    int u16(long offset) {
        return order == ByteOrder.BIG_ENDIAN ? u8(offset) << 8 | u8(offset + 1) : u8(offset + 1) << 8 | u8(offset);
    }

    long u32(long offset) {
        return order == ByteOrder.BIG_ENDIAN
                ? (long) u16(offset) << 16 | u16(offset + 2)
                : (long) u16(offset + 2) << 16 | u16(offset);
    }

    long u64(long offset) {
        return order == ByteOrder.BIG_ENDIAN
                ? u32(offset) << 32 | u32(offset + 4)
                : u32(offset + 4) << 32 | u32(offset);
    }
}
