package dev.graft.pytorch.training;

import java.util.OptionalLong;
import java.util.function.Supplier;

/// The memory of the device that a training computes on. For one thread.
interface DeviceMemory {
    /// Returns how many bytes are free; empty where the device does not say.
    OptionalLong freeBytes();

    /// Gives back to the device what PyTorch keeps of arrays that were closed.
    void release();

    /// Computes in this memory.
    ///
    /// @param rows how many rows are differentiated together, at least 1
    /// @return what the work gives
    /// @throws OutOfDeviceMemoryException when the memory is exhausted
    <T> T compute(int rows, Supplier<T> work);
}
