package dev.graft.feature.pipeline;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Bounds the encoded bytes that were fetched and wait to be decoded. The size of a file is known only when it
/// is there, so the limit may be passed by what is being fetched at that moment. Safe for many threads.
///
/// It is no part of [dev.graft.vision.DecodeBudget], which bounds what decoding itself takes: an image that
/// holds its encoded bytes waits for memory to be decoded in, and of one budget for both, all of it could be
/// held by images that wait.
final class FetchedBytes {
    private final long limitBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition below = lock.newCondition();
    private long heldBytes;

    FetchedBytes(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /// Waits until less than the limit is held.
    void awaitRoom() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (heldBytes >= limitBytes) {
                below.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Notes that bytes are held; negative when they are let go.
    void add(long bytes) {
        lock.lock();
        try {
            heldBytes += bytes;
            if (heldBytes < limitBytes) {
                below.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
