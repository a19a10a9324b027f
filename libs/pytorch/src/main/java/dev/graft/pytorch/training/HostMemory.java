package dev.graft.pytorch.training;

import java.util.OptionalLong;
import java.util.function.Supplier;

/// The memory of the process, in which rows are differentiated in parts of one size: so the same batches
/// give the same bytes whatever else the machine does.
record HostMemory() implements DeviceMemory {
    @Override
    public OptionalLong freeBytes() {
        return OptionalLong.empty();
    }

    @Override
    public void release() {
        // What PyTorch frees on the CPU goes back to the process's allocator at once.
    }

    @Override
    public <T> T compute(int rows, Supplier<T> work) {
        return work.get();
    }
}
