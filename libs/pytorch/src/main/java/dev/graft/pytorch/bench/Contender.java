package dev.graft.pytorch.bench;

import dev.graft.networks.inference.EmbeddingEngine;
import java.nio.FloatBuffer;
import java.util.function.Consumer;

/// One way to run a network, ready to be measured. Closing it frees its native memory.
///
/// @param engine    what computes
/// @param precision `f32` or `int8`
/// @param inputSize height and width of the images
/// @param batch     images in a pass
/// @param pass      runs images through the network, float32 `[batch, 3, size, size]`; called by several threads
/// @param closing   frees it
record Contender(
        String engine, String precision, int inputSize, int batch, Consumer<FloatBuffer> pass, Runnable closing)
        implements AutoCloseable {
    private static final int CHANNELS = 3;

    static Contender of(String name, String precision, int batch, EmbeddingEngine engine) {
        return new Contender(name, precision, engine.inputSize(), batch, engine::embed, engine::close);
    }

    /// Gives the number of floats that a pass takes.
    int floatsPerPass() {
        return Math.multiplyExact(batch, CHANNELS * inputSize * inputSize);
    }

    @Override
    public void close() {
        closing.run();
    }
}
