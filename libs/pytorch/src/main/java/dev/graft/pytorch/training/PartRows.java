package dev.graft.pytorch.training;

import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// Says how many rows of a batch are differentiated together: as many as the memory of the device is
/// expected to hold, and half as many from the moment on when it turns out that it does not. For one
/// thread.
final class PartRows {
    /// What of the free memory is planned with: allocators leave gaps, and convolutions take room to work in.
    private static final double PLANNED_SHARE = 0.8;

    private final DeviceMemory memory;
    private int greatest;

    private PartRows(DeviceMemory memory, int greatest) {
        this.memory = memory;
        this.greatest = greatest;
    }

    /// Takes a number of rows that stays.
    ///
    /// @param rows at least 1
    static PartRows fixed(int rows) {
        return new PartRows(new HostMemory(), rows);
    }

    /// Plans with the memory that is free now; where that is not known, with whole batches.
    ///
    /// @param otherBytes what a step needs besides its rows
    /// @param rowBytes what it needs for each row, at least 1
    static PartRows of(DeviceMemory memory, long otherBytes, long rowBytes) {
        memory.release();
        OptionalLong free = memory.freeBytes();
        if (free.isEmpty()) {
            return new PartRows(memory, Integer.MAX_VALUE);
        }
        double planned = PLANNED_SHARE * free.getAsLong() - otherBytes;
        return new PartRows(memory, Math.clamp((long) (planned / rowBytes), 1, Integer.MAX_VALUE));
    }

    /// Returns the greatest number of rows that are differentiated together by now.
    int greatest() {
        return greatest;
    }

    /// Works on a batch with as many rows together as the memory holds: where it does not hold them, the
    /// work is done again with half as many, so that it must not have changed anything.
    ///
    /// @param batch rows of the batch
    /// @param work works with a greatest number of rows together in the memory ([#compute]), and leaves
    ///     nothing open when it fails
    /// @return what the work gives
    /// @throws OutOfDeviceMemoryException when the memory does not hold one row
    <T> T fitting(int batch, IntFunction<T> work) {
        while (true) {
            int rows = Math.clamp(batch, 1, greatest);
            try {
                return work.apply(rows);
            } catch (OutOfDeviceMemoryException e) {
                memory.release();
                if (rows == 1) {
                    throw e;
                }
                greatest = Math.ceilDiv(rows, 2);
            }
        }
    }

    /// Computes in the memory.
    ///
    /// @param rows how many are differentiated together, at least 1
    /// @return what the work gives
    /// @throws OutOfDeviceMemoryException when the memory does not hold it
    <T> T compute(int rows, Supplier<T> work) {
        return memory.compute(rows, work);
    }
}
