package dev.graft.networks.weights;

import dev.graft.networks.network.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A tensor of float32 numbers, row-major, on the heap or in a mapped file. Reading one after its file is closed fails
/// with an `IllegalStateException`. Its bytes are never written to.
///
/// @param shape extents
/// @param data the numbers, little-endian, without any required alignment
public record FloatTensor(Shape shape, MemorySegment data) {
    private static final ValueLayout.OfFloat LITTLE_ENDIAN =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt BITS = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Checks that the data has the size of the shape.
    public FloatTensor {
        if (data.byteSize() != Math.multiplyExact(shape.elements(), Float.BYTES)) {
            throw new IllegalArgumentException("a tensor of " + shape + " does not have " + data.byteSize() + " bytes");
        }
        data = data.asReadOnly();
    }

    /// Makes a tensor from numbers in row-major order, which are copied.
    public static FloatTensor of(Shape shape, float... values) {
        MemorySegment copy = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, Float.BYTES)]);
        MemorySegment.copy(values, 0, copy, LITTLE_ENDIAN, 0, values.length);
        return new FloatTensor(shape, copy);
    }

    /// Returns a number by its row-major index.
    public float at(long index) {
        return data.get(LITTLE_ENDIAN, index * Float.BYTES);
    }

    /// Returns whether no number is infinite or not a number: whether one has all bits of its exponent set.
    public boolean isFinite() {
        int exponent = 0x7F80_0000;
        boolean finite = true;
        for (long at = 0; at < data.byteSize(); at += Integer.BYTES) {
            finite &= (data.get(BITS, at) & exponent) != exponent;
        }
        return finite;
    }

    /// Copies the numbers to an array.
    public float[] toArray() {
        float[] values = new float[Math.toIntExact(shape.elements())];
        MemorySegment.copy(data, LITTLE_ENDIAN, 0, values, 0, values.length);
        return values;
    }
}
