package dev.graft.trainer.head;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// PyTorch's arithmetic. An operation runs on the calling thread alone: sums then do not depend on how they are shared
/// out, and nobody waits at barriers; work that can be divided is divided above, by [Workers].
final class Torch {
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

    /// Owns arrays, which are freed when it closes. Belongs to one thread.
    record Scope(NDManager manager) implements AutoCloseable {
        Scope inner() {
            return new Scope(manager.newSubManager());
        }

        NDArray matrix(float[] values, int rows, int columns) {
            return manager.create(values, new Shape(rows, columns));
        }

        /// Shares memory with `features`, which must stay open as long as the array.
        NDArray view(FeatureMatrix features, int firstRow, int count) {
            ByteBuffer bytes = features.bytes(firstRow, count);
            return manager.create(bytes, new Shape(count, features.columns()), DataType.FLOAT32);
        }

        /// Takes over a result, which otherwise would live as long as its first operand.
        NDArray own(NDArray array) {
            array.attach(manager);
            return array;
        }

        /// Multiplies two matrices.
        NDArray product(NDArray left, NDArray right) {
            return own(left.matMul(right));
        }

        /// Multiplies the transpose of a matrix with another one, without copying it.
        NDArray transposedProduct(NDArray left, NDArray right) {
            NDArray transposed = own(left.transpose());
            return own(transposed.matMul(right));
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    static float[] values(NDArray array) {
        float[] values = new float[Math.toIntExact(array.size())];
        array.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
        return values;
    }
}
