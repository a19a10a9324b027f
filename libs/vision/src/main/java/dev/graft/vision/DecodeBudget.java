package dev.graft.vision;

import dev.graft.vision.UndecodableImageException.Reason;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Bounds the heap that all decoding of a process uses at one moment.
///
/// A decoder computes from a file's header how many bytes it will hold at most, and is admitted before it allocates
/// them. What does not fit now waits its turn, first come, first served; what could never fit is refused. So decoding
/// cannot exhaust the heap, whatever files come and however many at once. Safe for many threads.
public final class DecodeBudget {
    /// The share of the heap that decoding may use. The rest is for the service: files that wait, requests, rows.
    static final double HEAP_SHARE = 0.6;

    private static final int UNIT_BYTES = 1 << 10;

    /// Made by the first who asks: the heap that counts is that of the process that decodes, not of one that prepared
    /// its image.
    private static @Nullable DecodeBudget process;

    private final int units;
    private final Semaphore free;

    /// Makes a budget of its own, for tests; everything else shares [#ofProcess()].
    ///
    /// @param capacityBytes heap that all decoding together may use
    public DecodeBudget(long capacityBytes) {
        if (capacityBytes < UNIT_BYTES) {
            throw new IllegalArgumentException("capacityBytes must be at least " + UNIT_BYTES);
        }
        this.units = (int) Math.min(capacityBytes / UNIT_BYTES, Integer.MAX_VALUE);
        this.free = new Semaphore(units, true);
    }

    /// Returns the one budget of this process: six tenths of the greatest heap.
    public static synchronized DecodeBudget ofProcess() {
        DecodeBudget made = process;
        if (made == null) {
            made = new DecodeBudget((long) (HEAP_SHARE * Runtime.getRuntime().maxMemory()));
            process = made;
        }
        return made;
    }

    /// Returns the heap that all decoding together may use.
    public long capacityBytes() {
        return (long) units * UNIT_BYTES;
    }

    /// Returns how much of it is taken at this moment.
    public long usedBytes() {
        return (long) (units - free.availablePermits()) * UNIT_BYTES;
    }

    boolean hasWaiting() {
        return free.hasQueuedThreads();
    }

    /// A part of the budget, given back when closed.
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /// Refuses what never fits.
    void checkPossible(long bytes) throws UndecodableImageException {
        if (bytes > capacityBytes()) {
            throw new UndecodableImageException(
                    Reason.TOO_MUCH_MEMORY,
                    "Decoding the picture takes %,d bytes of memory; at most %,d are there for it. Scale it down first."
                            .formatted(bytes, capacityBytes()));
        }
    }

    /// Waits until the bytes are free and takes them.
    ///
    /// A thread that holds a share never asks for another one, so that two cannot wait for each other.
    ///
    /// @throws UndecodableImageException when they are more than the whole budget
    /// @throws DecoderBusyException when they do not become free in time, or the thread is interrupted, which it
    ///     then still is
    Share admit(long bytes, Duration patience) throws UndecodableImageException {
        checkPossible(bytes);
        int needed = (int) Math.ceilDiv(bytes, (long) UNIT_BYTES);
        try {
            if (!free.tryAcquire(needed, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DecoderBusyException(patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DecoderBusyException(patience);
        }
        return () -> free.release(needed);
    }
}
