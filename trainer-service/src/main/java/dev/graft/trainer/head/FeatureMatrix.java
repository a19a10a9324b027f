package dev.graft.trainer.head;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A matrix float32 [rows, columns] outside the heap. Safe for several threads as long as no two write one row.
///
/// Who makes it owns it and closes it. Native code reads the memory by its address, which no check of the JVM
/// guards, so it borrows the rows first ([#lend]). The memory is freed when the owner has closed the matrix and
/// the last loan has been returned, whichever comes later; nothing can be read, written or borrowed after the
/// owner's close.
public final class FeatureMatrix implements AutoCloseable {
    /// The largest matrix in bytes: what one buffer can address.
    public static final long MAX_SIZE_BYTES = Integer.MAX_VALUE;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment data;
    private final int rows;
    private final int columns;
    /// The owner, and every loan that is open.
    private final AtomicInteger holders = new AtomicInteger(1);

    private final AtomicBoolean closed = new AtomicBoolean();

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

    /// Lends the memory of some rows to native code, without a copy.
    ///
    /// @throws IllegalStateException when the owner has closed the matrix
    Loan lend(int firstRow, int count) {
        for (int held = holders.get(); held > 0 && !closed.get(); held = holders.get()) {
            if (holders.compareAndSet(held, held + 1)) {
                return new Loan(firstRow, count);
            }
        }
        throw new IllegalStateException("the matrix is closed");
    }

    /// Rows whose memory stays until this is closed.
    final class Loan implements AutoCloseable {
        private final ByteBuffer bytes;
        private final AtomicBoolean returned = new AtomicBoolean();

        private Loan(int firstRow, int count) {
            bytes = data.asSlice(firstRow * rowBytes(), count * rowBytes())
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder());
        }

        /// Gives the memory, direct, float32 [count, columns].
        ByteBuffer bytes() {
            return bytes;
        }

        @Override
        public void close() {
            if (returned.compareAndSet(false, true)) {
                letGo();
            }
        }
    }

    private long rowBytes() {
        return (long) columns * Float.BYTES;
    }

    private void letGo() {
        if (holders.decrementAndGet() == 0) {
            arena.close();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            letGo();
        }
    }
}
