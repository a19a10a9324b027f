package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.graft.vision.UndecodableImageException.Reason;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/// Decodes a file and checks what that cost: memory, time, and nothing but a picture or the declared refusal.
///
/// @param pixels         absent when the file was refused
/// @param refusal        why it was refused
/// @param declaredBytes  what the decoder said that it would need; 0 when its header was refused
/// @param allocatedBytes all that was ever allocated meanwhile, garbage included
/// @param cpuSeconds     processor time that the thread took
record Cost(
        Optional<Pixels> pixels, Optional<Reason> refusal, long declaredBytes, long allocatedBytes, double cpuSeconds) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// What decoding a file of any kind leaves as garbage, whatever its size: tables of every scan, readers, messages,
    /// classes loaded by the way.
    private static final long FIXED_BYTES = 12L << 20;

    /// Garbage by the file's size: its data without stuffing, once for each scan.
    private static final int BYTES_PER_FILE_BYTE = 120;

    /// Finds work without end, not slow work: what these tests decode takes a second at most on a machine of our own,
    /// and several on one that others share.
    private static final double MAX_CPU_SECONDS = 60;

    static Cost of(byte[] file, DecodeLimits limits) {
        return of(file, limits, Integer.MAX_VALUE);
    }

    static Cost of(byte[] file, DecodeLimits limits, long budgetBytes) {
        ImageDecoder decoder = new ImageDecoder(limits, new DecodeBudget(budgetBytes), Duration.ZERO);
        long startBytes = THREADS.getCurrentThreadAllocatedBytes();
        long startNanos = THREADS.getCurrentThreadCpuTime();
        Optional<Pixels> pixels = Optional.empty();
        Optional<Reason> refusal = Optional.empty();
        try {
            pixels = Optional.of(decoder.decode(file, decoded -> decoded));
        } catch (UndecodableImageException refused) {
            assertThat(refused.getMessage()).endsWith(".").hasSizeBetween(40, 250);
            refusal = Optional.of(refused.reason());
        }
        long allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - startBytes;
        double cpuSeconds = (THREADS.getCurrentThreadCpuTime() - startNanos) / 1e9;
        return new Cost(pixels, refusal, declaredBytes(decoder, file), allocatedBytes, cpuSeconds);
    }

    private static long declaredBytes(ImageDecoder decoder, byte[] file) {
        try {
            return ImageDecoder.workingBytes(decoder.open(file), whole -> 0);
        } catch (UndecodableImageException e) {
            return 0;
        }
    }

    /// Checks that no more was allocated than declared, garbage aside, and that decoding was no endless work.
    void check(byte[] file) {
        assertThat(allocatedBytes)
                .as("allocated bytes, where %,d were declared", declaredBytes)
                .isLessThan(declaredBytes + FIXED_BYTES + (long) BYTES_PER_FILE_BYTE * file.length);
        assertThat(cpuSeconds).as("seconds of processor time").isLessThan(MAX_CPU_SECONDS);
    }
}
