package dev.graft.trainer.head;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/// PyTorch's arithmetic. An operation runs on the calling thread alone: sums then do not depend on how they are shared
/// out, and nobody waits at barriers; work that can be divided is divided above, by [Workers].
///
/// A native call cannot be interrupted, so the callers keep each product small ([#MAX_FLOATING_POINT_OPERATIONS]), and
/// no product begins on a thread that is interrupted.
public final class Torch {
    /// What one product may cost; a core does it in well under half a second.
    static final long MAX_FLOATING_POINT_OPERATIONS = 10_000_000_000L;

    private static final long ALIGNMENT_BYTES = 64;

    private Torch() {}

    /// Opens PyTorch for the calling thread.
    static Scope open() {
        System.setProperty("ai.djl.offline", "true");
        NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
        JniUtils.setNumThreads(1);
        // Gradient mode is a property of the thread, and on in every new one; the gradients here are our own.
        JniUtils.setGradMode(false);
        return new Scope(manager);
    }

    /// Owns arrays and the memory below them, which are freed when it closes. Belongs to one thread, on which all its
    /// native calls run: when it closes, none of them reads any more, and what it borrowed goes back.
    public static final class Scope implements AutoCloseable {
        private final NDManager manager;
        private final Arena arena = Arena.ofConfined();
        private final List<FeatureMatrix.Loan> loans = new ArrayList<>();

        private Scope(NDManager manager) {
            this.manager = manager;
        }

        Scope inner() {
            return new Scope(manager.newSubManager());
        }

        /// Copies numbers into memory of this scope's own, which is freed with it and does not count as direct memory
        /// of the JVM, as DJL's would until the garbage collector comes.
        NDArray matrix(float[] values, int rows, int columns) {
            MemorySegment copy = arena.allocate((long) values.length * Float.BYTES, ALIGNMENT_BYTES);
            MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_FLOAT, 0, values.length);
            return manager.create(
                    copy.asByteBuffer().order(ByteOrder.nativeOrder()), new Shape(rows, columns), DataType.FLOAT32);
        }

        /// Borrows rows of a matrix until this scope closes.
        NDArray view(FeatureMatrix features, int firstRow, int count) {
            FeatureMatrix.Loan loan = features.lend(firstRow, count);
            loans.add(loan);
            return manager.create(loan.bytes(), new Shape(count, features.columns()), DataType.FLOAT32);
        }

        /// Takes over a result, which otherwise would live as long as its first operand.
        NDArray own(NDArray array) {
            array.attach(manager);
            return array;
        }

        /// Multiplies two matrices.
        ///
        /// @throws CancellationException when the thread is interrupted
        NDArray product(NDArray left, NDArray right) {
            requireNotInterrupted();
            return own(left.matMul(right));
        }

        /// Multiplies the transpose of a matrix with another one, without copying it.
        ///
        /// @throws CancellationException when the thread is interrupted
        NDArray transposedProduct(NDArray left, NDArray right) {
            requireNotInterrupted();
            NDArray transposed = own(left.transpose());
            return own(transposed.matMul(right));
        }

        @Override
        public void close() {
            try {
                manager.close();
            } finally {
                arena.close();
                loans.forEach(FeatureMatrix.Loan::close);
            }
        }
    }

    /// Ends work whose thread is to stop; the thread stays interrupted.
    ///
    /// @throws CancellationException when it is
    static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted");
        }
    }

    /// Copies the numbers of an array, which must be contiguous, as products are.
    static float[] values(NDArray array) {
        float[] values = new float[Math.toIntExact(array.size())];
        memory(array).get(values);
        return values;
    }

    /// Gives the numbers of a contiguous array where they lie, for as long as its scope is open.
    static FloatBuffer memory(NDArray array) {
        return array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
}
