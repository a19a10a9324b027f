package dev.graft.pytorch.training;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import dev.graft.pytorch.ComputeDevice;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// The memory of a CUDA device.
///
/// @param device which it is
record CudaMemory(ComputeDevice.Cuda device) implements DeviceMemory {
    /// What PyTorch and the libraries below it say when no memory is left. All of it reaches Java as an
    /// [EngineException], which has no other mark.
    private static final List<String> EXHAUSTED = List.of(
            "out of memory", "can't allocate memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED");

    @Override
    public OptionalLong freeBytes() {
        try {
            MemoryUsage usage = CudaUtils.getGpuMemory(device.inDjl());
            return OptionalLong.of(usage.getMax() - usage.getCommitted());
        } catch (IllegalStateException | IllegalArgumentException | EngineException e) {
            // DJL does not find the library of CUDA that PyTorch has found, or it refuses to say.
            return OptionalLong.empty();
        }
    }

    @Override
    public void release() {
        JniUtils.emptyCudaCache();
    }

    @Override
    public <T> T compute(int rows, Supplier<T> work) {
        try {
            return work.get();
        } catch (EngineException e) {
            throw isExhausted(e) ? new OutOfDeviceMemoryException(device, e) : e;
        }
    }

    /// Returns whether PyTorch found no memory.
    static boolean isExhausted(EngineException e) {
        String message = String.valueOf(e.getMessage());
        return EXHAUSTED.stream().anyMatch(message::contains);
    }
}
