package dev.graft.pytorch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.pytorch.ComputeDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How many rows are differentiated together, and what becomes of that when memory turns out to be less.
class PartRowsTest {
    private static final int ALL = Integer.MAX_VALUE;

    /// Four fifths of what is free, less what a step needs whatever its rows.
    @ParameterizedTest
    @CsvSource({"1000, 0, 100, 8", "1000, 300, 100, 5", "1000, 790, 100, 1", "1000, 5000, 100, 1", "0, 0, 100, 1"})
    void followsFromTheFreeMemory(long freeBytes, long otherBytes, long rowBytes, int rows) {
        BoundedMemory memory = new BoundedMemory(OptionalLong.of(freeBytes), ALL);
        assertThat(PartRows.of(memory, otherBytes, rowBytes).greatest()).isEqualTo(rows);
        assertThat(memory.releases()).isOne();
    }

    @Test
    void isTheWholeBatchWhereTheFreeMemoryIsNotKnown() {
        PartRows rows = PartRows.of(new BoundedMemory(OptionalLong.empty(), ALL), 0, 1);
        assertThat(tried(rows, 32, ALL)).containsExactly(32);
        assertThat(rows.greatest()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void isHalvedUntilItFits() {
        BoundedMemory memory = new BoundedMemory(OptionalLong.empty(), 5);
        PartRows rows = PartRows.of(memory, 0, 1);
        assertThat(tried(rows, 33, 5)).containsExactly(33, 17, 9, 5);
        assertThat(memory.releases()).isEqualTo(1 + 3);
        assertThat(tried(rows, 33, 5)).containsExactly(5);
        assertThat(tried(rows, 2, 5)).containsExactly(2);
        assertThat(tried(rows, 2, 1)).containsExactly(2, 1);
    }

    @Test
    void endsAtOneRow() {
        PartRows rows = PartRows.of(new BoundedMemory(OptionalLong.empty(), 0), 0, 1);
        assertThatThrownBy(() -> tried(rows, 3, 0))
                .isInstanceOf(OutOfDeviceMemoryException.class)
                .hasMessageContaining("cuda:0");
    }

    /// Works on a batch in a memory that holds so many rows, and returns with how many it was tried.
    private static List<Integer> tried(PartRows rows, int batch, int held) {
        List<Integer> tried = new ArrayList<>();
        Object unused = rows.fitting(batch, together -> {
            tried.add(together);
            if (together > held) {
                throw new OutOfDeviceMemoryException(new ComputeDevice.Cuda(0), BoundedMemory.exhausted());
            }
            return tried;
        });
        return tried;
    }

    @Test
    void staysWhereItIsFixed() {
        PartRows rows = PartRows.fixed(16);
        assertThat(rows.greatest()).isEqualTo(16);
        assertThat(rows.compute(16, () -> "done")).isEqualTo("done");
        assertThatThrownBy(() -> rows.compute(16, () -> {
                    throw BoundedMemory.exhausted();
                }))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void knowsWhatPyTorchSaysWhenThereIsNoMemory() {
        assertThat(CudaMemory.isExhausted(BoundedMemory.exhausted())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 GiB of which 1.2 GiB is free.",
                "The following operation failed in the TorchScript interpreter.\nRuntimeError: CUDA out of memory.",
                "CUDA error: out of memory",
                "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
                "cuDNN error: CUDNN_STATUS_ALLOC_FAILED"
            })
    void knowsWhatCudaSaysWhenThereIsNoMemory(String message) {
        assertThat(CudaMemory.isExhausted(new EngineException(message))).isTrue();
    }

    @Test
    void leavesOtherFaultsAsTheyAre() {
        CudaMemory memory = new CudaMemory(new ComputeDevice.Cuda(0));
        EngineException other = new EngineException("mat1 and mat2 shapes cannot be multiplied");
        assertThatThrownBy(() -> memory.compute(1, () -> {
                    throw other;
                }))
                .isSameAs(other);
    }

    /// Half the bytes, but for the normalisations of a transformer.
    @ParameterizedTest
    @CsvSource({"resnet18, 0.5, 0.5", "convnext_tiny, 0.51, 0.75"})
    void estimatesLessInMixedPrecision(String architecture, double least, double most) {
        Network network = Architectures.named(architecture).withInputSize(64);
        long whole = StepMemory.rowBytes(network, false);
        assertThat(whole).isPositive();
        assertThat((double) StepMemory.rowBytes(network, true) / whole).isBetween(least, most);
        assertThat(StepMemory.fixedBytes(network, 10, true) - StepMemory.fixedBytes(network, 10, false))
                .isEqualTo(2 * network.parameterCount());
    }
}
