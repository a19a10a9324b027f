package dev.graft.networks.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Narrows float32 numbers to IEEE 754 half precision, binary16, and widens them again. Stateless.
///
/// A half has 11 significant bits, so that a number from 2⁻¹⁴ to 65,504 comes back with a relative error of at
/// most 2⁻¹¹; below, the error is at most 2⁻²⁵. Halves are little-endian, as in files; neither side needs an
/// alignment.
public final class HalfFloats {
    /// The greatest finite number of half precision, (2 − 2⁻¹⁰) · 2¹⁵.
    public static final float MAX = 65_504;

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private HalfFloats() {}

    /// Returns whether all numbers keep their size in half precision: none is infinite, not a number or beyond
    /// [#MAX].
    ///
    /// @param floats float32, in the machine's byte order
    public static boolean fit(MemorySegment floats) {
        boolean fit = true;
        for (long at = 0; at < floats.byteSize(); at += Float.BYTES) {
            fit &= Math.abs(floats.get(FLOAT, at)) <= MAX;
        }
        return fit;
    }

    /// Narrows numbers, each to the nearest half, or to the even one of two as near. What does not fit becomes
    /// infinite.
    ///
    /// @param floats float32, in the machine's byte order
    /// @param halves where they go, binary16
    /// @throws IllegalArgumentException when the places are not as many as the numbers
    public static void narrow(MemorySegment floats, MemorySegment halves) {
        long count = count(floats, halves);
        for (long i = 0; i < count; i++) {
            halves.set(HALF, i * Short.BYTES, Float.floatToFloat16(floats.get(FLOAT, i * Float.BYTES)));
        }
    }

    /// Widens numbers, exactly.
    ///
    /// @param halves binary16
    /// @param floats where they go, float32, in the machine's byte order
    /// @throws IllegalArgumentException when the places are not as many as the numbers
    public static void widen(MemorySegment halves, MemorySegment floats) {
        long count = count(floats, halves);
        for (long i = 0; i < count; i++) {
            floats.set(FLOAT, i * Float.BYTES, Float.float16ToFloat(halves.get(HALF, i * Short.BYTES)));
        }
    }

    private static long count(MemorySegment floats, MemorySegment halves) {
        long count = floats.byteSize() / Float.BYTES;
        if (floats.byteSize() != count * Float.BYTES || halves.byteSize() != count * Short.BYTES) {
            throw new IllegalArgumentException(floats.byteSize() + " bytes of float32 are not as many numbers as "
                    + halves.byteSize() + " bytes of half precision");
        }
        return count;
    }
}
