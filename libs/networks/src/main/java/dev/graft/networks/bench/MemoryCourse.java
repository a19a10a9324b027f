package dev.graft.networks.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/// The course that the resident memory of a process took over many forward passes.
///
/// @param trial what was computed
/// @param threads how many passes ran side by side
/// @param maxBatch the most images in a pass; passes of 1, 2, … images take turns
/// @param weightsBytes size of the weights that were loaded, in float32
/// @param heapBytes size of the Java heap, which is in memory as a whole and is left out of the following
/// @param residentBytes resident memory outside the heap: after a warm-up, then after each quarter of the passes
public record MemoryCourse(
        @JsonUnwrapped MemoryTrial trial,
        int threads,
        int maxBatch,
        long weightsBytes,
        long heapBytes,
        List<Long> residentBytes) {
    private static final double PASSES = 1000;

    /// Copies the list.
    ///
    /// @throws IllegalArgumentException when it does not have the start and every quarter
    public MemoryCourse {
        residentBytes = List.copyOf(residentBytes);
        if (residentBytes.size() != MemoryTrial.QUARTERS + 1) {
            throw new IllegalArgumentException("memory was read " + residentBytes.size() + " times");
        }
    }

    /// Returns by how many bytes the memory grew in 1,000 passes of the second half. What engines allocate once,
    /// when a number of images or two large passes side by side are first seen, lies before it.
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long growthBytesPerThousandPasses() {
        int half = MemoryTrial.QUARTERS / 2;
        int passes = half * trial.passesPerQuarter();
        return Math.round((residentBytes.getLast() - residentBytes.get(half)) * PASSES / passes);
    }
}
