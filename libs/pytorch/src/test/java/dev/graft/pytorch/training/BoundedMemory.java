package dev.graft.pytorch.training;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.graft.pytorch.ComputeDevice;
import dev.graft.pytorch.PyTorch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// A device's memory that holds a number of rows, on the CPU: more are computed all the same, and then
/// PyTorch is asked for memory that no machine has, so that what is thrown is PyTorch's own, with all
/// arrays of the work still open.
final class BoundedMemory implements DeviceMemory {
    private static final CudaMemory CUDA = new CudaMemory(new ComputeDevice.Cuda(0));
    private static final long PEBIBYTE = 1L << 50;

    /// How many rows were computed together, one after another.
    final List<Integer> computed = new ArrayList<>();

    private final OptionalLong freeBytes;
    private int heldRows;
    private int releases;

    BoundedMemory(OptionalLong freeBytes, int heldRows) {
        this.freeBytes = freeBytes;
        this.heldRows = heldRows;
    }

    /// Holds another number of rows from now on.
    void hold(int rows) {
        heldRows = rows;
    }

    int releases() {
        return releases;
    }

    @Override
    public OptionalLong freeBytes() {
        return freeBytes;
    }

    @Override
    public void release() {
        releases++;
    }

    @Override
    public <T> T compute(int rows, Supplier<T> work) {
        return CUDA.compute(rows, () -> {
            T result = work.get();
            computed.add(rows);
            if (rows > heldRows) {
                throw exhausted();
            }
            return result;
        });
    }

    /// Lets PyTorch say that there is no memory.
    static EngineException exhausted() {
        try (NDManager manager = PyTorch.manager(new ComputeDevice.Cpu())) {
            throw new AssertionError(manager.create(new Shape(PEBIBYTE), DataType.FLOAT32) + " was made");
        } catch (EngineException e) {
            return e;
        }
    }
}
