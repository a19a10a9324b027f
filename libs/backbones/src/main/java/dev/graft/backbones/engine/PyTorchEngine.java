package dev.graft.backbones.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.pytorch.NetworkBlock;
import dev.graft.backbones.pytorch.PyTorch;
import dev.graft.backbones.weights.Weights;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.Semaphore;

/// Computes features with PyTorch, on the CPU or on a CUDA device. Gradient mode is a matter of the thread, and is
/// switched off on each thread that calls. Every native array of a forward pass is closed when the pass ends.
public final class PyTorchEngine implements EmbeddingEngine {
    private final NDManager manager;
    private final NetworkBlock block;
    private final int inputSize;
    private final int dimension;
    private final int parallelism;
    private final int maxBatch;
    private final NativeBuffers inputs;
    private final Semaphore permits;
    private volatile boolean closed;

    private PyTorchEngine(NDManager manager, NetworkBlock block, int parallelism, int maxBatch) {
        this.manager = manager;
        this.block = block;
        this.inputSize = block.network().inputSize();
        this.dimension = Features.dimension(block.network());
        this.parallelism = parallelism;
        this.maxBatch = maxBatch;
        this.inputs = new NativeBuffers(Math.multiplyExact(maxBatch, 3 * inputSize * inputSize));
        this.permits = new Semaphore(parallelism);
    }

    /// Loads a network.
    ///
    /// @param network the part of a network that gives one row of features
    /// @param weights its weights, needed only during this call
    /// @param device where it runs; `Auto` means the CPU
    /// @param parallelism how many forward passes may run side by side
    /// @param maxBatch greatest number of pictures in one forward pass; bounds the native memory of each
    /// @throws InferenceException when PyTorch cannot be loaded or refuses the network
    public static PyTorchEngine load(
            Network network, Weights weights, EngineChoice.Device device, int parallelism, int maxBatch) {
        Device where = switch (device) {
            case EngineChoice.Device.Cuda cuda -> Device.gpu(cuda.index());
            case EngineChoice.Device.Cpu _, EngineChoice.Device.Auto _ -> Device.cpu();
        };
        Features.dimension(network);
        try {
            return load(PyTorch.engine().newBaseManager(where), network, weights, parallelism, maxBatch);
        } catch (EngineException e) {
            throw new InferenceException("PyTorch cannot load " + network.name(), e);
        }
    }

    /// Closes the manager, which owns what was copied so far, when the network cannot be filled.
    private static PyTorchEngine load(
            NDManager manager, Network network, Weights weights, int parallelism, int maxBatch) {
        try {
            return new PyTorchEngine(manager, NetworkBlock.of(manager, network, weights), parallelism, maxBatch);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public int inputSize() {
        return inputSize;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public int parallelism() {
        return parallelism;
    }

    @Override
    public float[] embed(FloatBuffer images) {
        int count = Features.count(images, floatsPerImage());
        float[] features = new float[Math.multiplyExact(count, dimension)];
        for (int first = 0; first < count; first += maxBatch) {
            int batch = Math.min(maxBatch, count - first);
            FloatBuffer part = images.slice(images.position() + first * floatsPerImage(), batch * floatsPerImage());
            pass(part, batch, features, first * dimension);
        }
        return features;
    }

    private void pass(FloatBuffer images, int batch, float[] features, int offset) {
        permits.acquireUninterruptibly();
        boolean gradients = JniUtils.isGradMode();
        try (NDManager scope = open().newSubManager()) {
            JniUtils.setGradMode(false);
            inputs.withNative(images, input -> {
                float[] rows = forward(scope, input, batch);
                System.arraycopy(rows, 0, features, offset, rows.length);
            });
        } catch (EngineException e) {
            throw new InferenceException("the forward pass failed in PyTorch", e);
        } finally {
            JniUtils.setGradMode(gradients);
            permits.release();
        }
    }

    private float[] forward(NDManager scope, FloatBuffer images, int batch) {
        // DJL takes bytes in native memory as they are, but copies floats wherever they lie.
        ByteBuffer bytes = MemorySegment.ofBuffer(images).asByteBuffer().order(ByteOrder.nativeOrder());
        NDArray input = scope.create(bytes, new Shape(batch, 3, inputSize, inputSize), DataType.FLOAT32);
        return block.forward(new ParameterStore(scope, false), new NDList(input), false)
                .singletonOrThrow()
                .toFloatArray();
    }

    private NDManager open() {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
        return manager;
    }

    @Override
    public void close() {
        permits.acquireUninterruptibly(parallelism);
        try {
            if (!closed) {
                closed = true;
                manager.close();
                inputs.clear();
            }
        } finally {
            permits.release(parallelism);
        }
    }
}
