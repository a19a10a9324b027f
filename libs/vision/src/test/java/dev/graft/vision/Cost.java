package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/// Decodes a file and checks what that cost: memory, time, and nothing but a picture or the declared refusal.
///
/// @param pixels         absent when the file was refused
/// @param allocatedBytes all that was ever allocated meanwhile, garbage included
record Cost(Optional<Pixels> pixels, long allocatedBytes, double cpuSeconds) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// What decoding a file of any kind needs, whatever its size: tables, readers, messages, classes loaded by the way.
    private static final long FIXED_BYTES = 24L << 20;

    /// Garbage included; what is held at one moment is less.
    private static final int BYTES_PER_PIXEL = 40;

    private static final int BYTES_PER_FILE_BYTE = 200;
    private static final double MAX_CPU_SECONDS = 5;

    static Cost of(byte[] file, DecodeLimits limits) {
        PictureDecoder decoder = new PictureDecoder(limits);
        long startBytes = THREADS.getCurrentThreadAllocatedBytes();
        long startNanos = THREADS.getCurrentThreadCpuTime();
        Optional<Pixels> pixels;
        try {
            pixels = Optional.of(decoder.decode(file));
        } catch (UndecodablePictureException refused) {
            assertThat(refused.getMessage()).endsWith(".").hasSizeBetween(40, 250);
            pixels = Optional.empty();
        }
        return new Cost(
                pixels,
                THREADS.getCurrentThreadAllocatedBytes() - startBytes,
                (THREADS.getCurrentThreadCpuTime() - startNanos) / 1e9);
    }

    /// Checks that the cost is in proportion to the file and to the pixels that the limits allow.
    void check(byte[] file, DecodeLimits limits) {
        assertThat(allocatedBytes)
                .as("allocated bytes")
                .isLessThan(
                        FIXED_BYTES + BYTES_PER_PIXEL * limits.maxPixels() + (long) BYTES_PER_FILE_BYTE * file.length);
        assertThat(cpuSeconds).as("seconds of processor time").isLessThan(MAX_CPU_SECONDS);
    }
}
