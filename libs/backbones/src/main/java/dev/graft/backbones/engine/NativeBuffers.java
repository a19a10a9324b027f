package dev.graft.backbones.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Keeps native buffers of one size and lends them, so that memory outside the heap does not wait for the garbage
/// collector. There are as many as were ever lent at the same time.
final class NativeBuffers {
    /// What is done with a lent buffer.
    interface Use<T, E extends Exception> {
        T with(FloatBuffer buffer) throws E;
    }

    private final int capacityFloats;
    private final ConcurrentLinkedQueue<FloatBuffer> idle = new ConcurrentLinkedQueue<>();

    /// Makes a keeper of buffers.
    ///
    /// @param capacityFloats size of each
    NativeBuffers(int capacityFloats) {
        this.capacityFloats = capacityFloats;
    }

    /// Tells whether native code can use a buffer where it is.
    private static boolean isNative(FloatBuffer buffer) {
        return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder();
    }

    /// Passes on the numbers in native memory: as they are when they lie there already, else copied to a lent buffer.
    ///
    /// @throws E what the use throws
    <T, E extends Exception> T withNative(FloatBuffer floats, Use<T, E> use) throws E {
        return isNative(floats)
                ? use.with(floats)
                : lend(buffer -> use.with(buffer.put(floats.duplicate()).flip()));
    }

    /// Lends a cleared buffer. One that was lent to a failing use is not used again.
    ///
    /// @throws E what the use throws
    <T, E extends Exception> T lend(Use<T, E> use) throws E {
        FloatBuffer buffer = idle.poll();
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(Math.multiplyExact(capacityFloats, Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
        T result = use.with(buffer.clear());
        idle.add(buffer);
        return result;
    }

    /// Forgets all buffers.
    void clear() {
        idle.clear();
    }
}
