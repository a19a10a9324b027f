package dev.graft.feature.pipeline;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Bounds the bytes of pictures that wait in memory. The size of a picture is known only when it is there, so the limit
/// may be passed by what is being fetched at that moment. Safe for many threads.
final class ByteBudget {
    private final long limitBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition below = lock.newCondition();
    private long heldBytes;

    ByteBudget(long limitBytes) {
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
