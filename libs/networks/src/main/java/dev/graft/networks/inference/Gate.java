package dev.graft.networks.inference;

import java.util.concurrent.Semaphore;

/// Lets so many forward passes run side by side, makes further callers wait, and lets none through once it is closed.
public final class Gate {
    private final int width;
    private final Semaphore permits;
    private volatile boolean closed;

    /// What is done inside.
    ///
    /// @param <T> what comes of it
    /// @param <E> what may be thrown
    public interface Pass<T, E extends Exception> {
        /// Makes the pass.
        T run() throws E;
    }

    /// What is released when no pass is running any more.
    ///
    /// @param <E> what may be thrown
    public interface Release<E extends Exception> {
        /// Releases it.
        void run() throws E;
    }

    /// Makes an open gate.
    ///
    /// @param width how many passes may run side by side
    /// @throws IllegalArgumentException when that is none
    public Gate(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("at least 1 forward pass must be allowed to run, not " + width);
        }
        this.width = width;
        this.permits = new Semaphore(width);
    }

    /// Returns how many passes may run side by side.
    public int width() {
        return width;
    }

    /// Runs a pass on the calling thread, when it is its turn.
    ///
    /// @throws IllegalStateException when the gate is closed
    /// @throws E what the pass throws
    public <T, E extends Exception> T pass(Pass<T, E> pass) throws E {
        permits.acquireUninterruptibly();
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            return pass.run();
        } finally {
            permits.release();
        }
    }

    /// Waits for the running passes, then releases what they need; a second call does nothing.
    ///
    /// @throws E what the release throws
    public <E extends Exception> void close(Release<E> release) throws E {
        permits.acquireUninterruptibly(width);
        try {
            if (!closed) {
                closed = true;
                release.run();
            }
        } finally {
            permits.release(width);
        }
    }
}
