package dev.graft.networks.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Lends native memory to forward passes. Usual buffers are kept when they come back, as many as were ever lent at
/// the same time, so that passes need no new memory; larger ones are freed at once. No buffer waits for the
/// garbage collector, and none counts as direct memory of the JVM (`-XX:MaxDirectMemorySize`), whose bound need not
/// know how many networks, processors and pixels there are. Safe for use by several threads at once.
public final class NativeBuffers implements AutoCloseable {
    /// Height and width, in pixels, of the largest image that counts as usual: no weight set of the catalogue takes
    /// larger ones on its own.
    private static final int USUAL_SIZE = 384;

    private static final long USUAL_FLOATS = 3L * USUAL_SIZE * USUAL_SIZE;

    private final long keptFloats;
    private final ConcurrentLinkedQueue<Block> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /// What is done with a lent buffer, which is not to be touched afterwards.
    ///
    /// @param <T> what comes of it
    /// @param <E> what may be thrown
    public interface Use<T, E extends Exception> {
        /// Uses a buffer.
        ///
        /// @param buffer direct, in native byte order
        T with(FloatBuffer buffer) throws E;
    }

    /// Native memory that any thread may use and free.
    private record Block(Arena arena, FloatBuffer floats) {
        static Block of(int floats) {
            Arena arena = Arena.ofShared();
            try {
                return new Block(
                        arena,
                        arena.allocate(ValueLayout.JAVA_FLOAT, floats)
                                .asByteBuffer()
                                .order(ByteOrder.nativeOrder())
                                .asFloatBuffer());
            } catch (OutOfMemoryError e) {
                arena.close();
                throw e;
            }
        }
    }

    /// Makes a keeper of buffers.
    ///
    /// @param images how many images of a usual size fit the largest buffer that is kept
    public NativeBuffers(int images) {
        this.keptFloats = usualFloats(images);
    }

    /// Returns how many floats some images of the largest usual size are.
    static long usualFloats(int images) {
        return images * USUAL_FLOATS;
    }

    /// Returns whether native code can use a buffer where it is.
    private static boolean isNative(FloatBuffer buffer) {
        return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder();
    }

    /// Passes on the numbers in native memory: as they are when they lie there already, else copied to a lent buffer.
    ///
    /// @throws E what the use throws
    public <T, E extends Exception> T withNative(FloatBuffer floats, Use<T, E> use) throws E {
        return isNative(floats)
                ? use.with(floats)
                : lend(
                        floats.remaining(),
                        buffer -> use.with(buffer.put(floats.duplicate()).flip()));
    }

    /// Lends a buffer, of any content.
    ///
    /// @param floats its size
    /// @throws E what the use throws
    /// @throws OutOfMemoryError when the system has no more memory
    public <T, E extends Exception> T lend(int floats, Use<T, E> use) throws E {
        Block block = take(floats);
        try {
            return use.with(block.floats().slice(0, floats));
        } finally {
            giveBack(block);
        }
    }

    /// Replaces a kept buffer that is too small, so that those of the largest passes are kept in the end.
    private Block take(int floats) {
        Block kept = idle.poll();
        if (kept != null && kept.floats().capacity() < floats) {
            kept.arena().close();
            kept = null;
        }
        return kept == null ? Block.of(floats) : kept;
    }

    private void giveBack(Block block) {
        if (block.floats().capacity() > keptFloats) {
            block.arena().close();
        } else {
            idle.add(block);
            if (closed) {
                freeIdle();
            }
        }
    }

    /// Frees all buffers that are kept. One that is lent at this time belongs to its borrower, on whose thread the
    /// native call runs, and is freed when it comes back.
    @Override
    public void close() {
        closed = true;
        freeIdle();
    }

    private void freeIdle() {
        for (Block block = idle.poll(); block != null; block = idle.poll()) {
            block.arena().close();
        }
    }
}
