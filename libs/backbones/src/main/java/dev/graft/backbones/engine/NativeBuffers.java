package dev.graft.backbones.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Keeps native buffers of one size and lends them, so that memory outside the heap does not wait for the garbage
/// collector. There are as many as were ever lent at the same time.
final class NativeBuffers {
    /// What is done with a lent buffer.
    interface Use<E extends Exception> {
        void accept(FloatBuffer buffer) throws E;
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
    <E extends Exception> void withNative(FloatBuffer floats, Use<E> use) throws E {
        if (isNative(floats)) {
            use.accept(floats);
        } else {
            lend(buffer -> use.accept(buffer.put(floats.duplicate()).flip()));
        }
    }

    /// Lends a cleared buffer. One that was lent to a failing use is not used again.
    ///
    /// @throws E what the use throws
    <E extends Exception> void lend(Use<E> use) throws E {
        FloatBuffer buffer = idle.poll();
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(Math.multiplyExact(capacityFloats, Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
        use.accept(buffer.clear());
        idle.add(buffer);
    }

    /// Forgets all buffers.
    void clear() {
        idle.clear();
    }
}
