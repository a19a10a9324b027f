package dev.graft.backbones.weights;

import dev.graft.backbones.network.Shape;
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

    /// Copies the numbers to an array.
    public float[] toArray() {
        float[] values = new float[Math.toIntExact(shape.elements())];
        MemorySegment.copy(data, LITTLE_ENDIAN, 0, values, 0, values.length);
        return values;
    }
}
