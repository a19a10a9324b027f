package dev.graft.trainer.head;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A matrix float32 [rows, columns] outside the heap, freed when it is closed. Safe for several threads as long as no
/// two write one row.
public final class FeatureMatrix implements AutoCloseable {
    /// The largest matrix in bytes: what one buffer can address.
    public static final long MAX_SIZE_BYTES = Integer.MAX_VALUE;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment data;
    private final int rows;
    private final int columns;

    /// Makes a matrix of zeros.
    ///
    /// @throws IllegalArgumentException when it would be larger than [#MAX_SIZE_BYTES], or has no element
    public FeatureMatrix(int rows, int columns) {
        long sizeBytes = (long) rows * columns * Float.BYTES;
        if (rows < 1 || columns < 1 || sizeBytes > MAX_SIZE_BYTES) {
            throw new IllegalArgumentException("cannot hold a matrix of %d × %d".formatted(rows, columns));
        }
        this.rows = rows;
        this.columns = columns;
        this.data = arena.allocate(sizeBytes, Long.BYTES);
    }

    /// Makes a matrix of the given rows, which all have the same length.
    public static FeatureMatrix of(float[][] rows) {
        FeatureMatrix matrix = new FeatureMatrix(rows.length, rows[0].length);
        for (int row = 0; row < rows.length; row++) {
            matrix.setRow(row, MemorySegment.ofArray(rows[row]));
        }
        return matrix;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /// Sets a row.
    ///
    /// @param values float32 [columns] in the machine's byte order
    public void setRow(int row, MemorySegment values) {
        if (values.byteSize() != rowBytes()) {
            throw new IllegalArgumentException("a row has %d bytes, not %d".formatted(rowBytes(), values.byteSize()));
        }
        MemorySegment.copy(values, 0, data, row * rowBytes(), rowBytes());
    }

    float at(int row, int column) {
        return data.get(FLOAT, ((long) row * columns + column) * Float.BYTES);
    }

    void set(int row, int column, float value) {
        data.set(FLOAT, ((long) row * columns + column) * Float.BYTES, value);
    }

    /// Copies rows, in the order given, into a new matrix.
    public FeatureMatrix select(int[] wanted) {
        FeatureMatrix selected = new FeatureMatrix(wanted.length, columns);
        for (int row = 0; row < wanted.length; row++) {
            selected.setRow(row, data.asSlice(wanted[row] * rowBytes(), rowBytes()));
        }
        return selected;
    }

    /// Gives the memory of some rows, without a copy; valid until this is closed.
    ByteBuffer bytes(int firstRow, int count) {
        return data.asSlice(firstRow * rowBytes(), count * rowBytes())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    private long rowBytes() {
        return (long) columns * Float.BYTES;
    }

    @Override
    public void close() {
        arena.close();
    }
}
