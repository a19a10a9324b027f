package dev.graft.networks.weights;

import java.util.Arrays;
import java.util.Optional;

/// Lists the types of elements that safetensors files hold.
public enum DType {
    /// A byte, 0 or 1.
    BOOL(1),
    /// Unsigned, 8 bits.
    U8(1),
    /// Signed, 8 bits.
    I8(1),
    /// Signed, 16 bits.
    I16(2),
    /// Unsigned, 16 bits.
    U16(2),
    /// IEEE 754 half precision.
    F16(2),
    /// The upper half of a single-precision number.
    BF16(2),
    /// Signed, 32 bits.
    I32(4),
    /// Unsigned, 32 bits.
    U32(4),
    /// IEEE 754 single precision.
    F32(4),
    /// IEEE 754 double precision.
    F64(8),
    /// Signed, 64 bits.
    I64(8),
    /// Unsigned, 64 bits.
    U64(8);

    private final int sizeBytes;

    DType(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    /// Returns the size of one element.
    public int sizeBytes() {
        return sizeBytes;
    }

    /// Returns whether the elements are floating-point numbers.
    boolean isFloat() {
        return this == F16 || this == BF16 || this == F32 || this == F64;
    }

    /// Finds a type by its name in a header.
    static Optional<DType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
