package dev.graft.backbones.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// Keeps native buffers of one size and lends them, so that memory outside the heap does not wait for the garbage
/// collector. There are as many as were ever lent at the same time.
final class NativeBuffers {
    private final int capacityFloats;
    private final ConcurrentLinkedQueue<FloatBuffer> idle = new ConcurrentLinkedQueue<>();

    /// Makes a keeper of buffers.
    ///
    /// @param capacityFloats size of each
    NativeBuffers(int capacityFloats) {
        this.capacityFloats = capacityFloats;
    }

    /// Tells whether native code can use a buffer where it is.
    static boolean isNative(FloatBuffer buffer) {
        return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder();
    }

    /// Passes on the numbers in native memory: as they are when they lie there already, else copied to a lent buffer.
    void withNative(FloatBuffer floats, Consumer<FloatBuffer> use) {
        if (isNative(floats)) {
            use.accept(floats);
        } else {
            lend(buffer -> use.accept(buffer.put(floats.duplicate()).flip()));
        }
    }

    /// Lends a cleared buffer. One that was lent to a failing use is not used again.
    void lend(Consumer<FloatBuffer> use) {
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
