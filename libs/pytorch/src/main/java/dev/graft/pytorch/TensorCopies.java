package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.graft.networks.weights.FloatTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Copies tensors into memory of PyTorch's own.
///
/// DJL builds an array on the bytes of a direct buffer and keeps the buffer for as long as the array lives, so that
/// a network's weights would count against the JVM's bound of such memory. Here they pass through one small piece of
/// it, which is free again when this is closed. For one thread.
public final class TensorCopies implements AutoCloseable {
    /// 4 MiB: small beside any bound of direct memory, large beside the cost of a call.
    private static final long PIECE_ELEMENTS = 1L << 20;

    private static final ValueLayout.OfFloat LITTLE_ENDIAN =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final NDManager manager;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment piece = arena.allocate(ValueLayout.JAVA_FLOAT, PIECE_ELEMENTS);

    /// Takes the small piece of memory.
    ///
    /// @param manager owner of the copies, which also says on which device they lie
    public TensorCopies(NDManager manager) {
        this.manager = manager;
    }

    /// Copies a tensor.
    ///
    /// @return float32, of the tensor's shape; the manager's
    public NDArray of(FloatTensor tensor) {
        try (NDArray flat = manager.create(new Shape(tensor.shape().elements()), DataType.FLOAT32)) {
            fill(flat, tensor);
            return flat.reshape(new Shape(tensor.shape().toLongs()));
        }
    }

    private void fill(NDArray flat, FloatTensor tensor) {
        long elements = tensor.shape().elements();
        for (long from = 0; from < elements; from += PIECE_ELEMENTS) {
            long count = Math.min(PIECE_ELEMENTS, elements - from);
            MemorySegment.copy(
                    tensor.data(), LITTLE_ENDIAN, from * Float.BYTES, piece, ValueLayout.JAVA_FLOAT, 0, count);
            ByteBuffer bytes =
                    piece.asSlice(0, count * Float.BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
            try (NDArray part = manager.create(bytes, new Shape(count), DataType.FLOAT32)) {
                flat.set(new NDIndex("{}:{}", from, from + count), part);
            }
        }
    }

    /// Copies a tensor over the numbers of an array, which may be anybody's.
    ///
    /// @param target float32, of the tensor's shape, row-major without gaps
    /// @throws IllegalArgumentException when the shapes differ
    public void into(NDArray target, FloatTensor tensor) {
        if (!target.getShape().equals(new Shape(tensor.shape().toLongs()))) {
            throw new IllegalArgumentException(
                    "a tensor of " + tensor.shape() + " is not copied over one of " + target.getShape());
        }
        try (NDArray flat = target.reshape(tensor.shape().elements())) {
            fill(flat, tensor);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
