package dev.graft.pytorch.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import dev.graft.networks.inference.Batches;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.inference.Gate;
import dev.graft.networks.inference.InferenceException;
import dev.graft.networks.inference.NativeBuffers;
import dev.graft.networks.network.Network;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.ComputeDevice;
import dev.graft.pytorch.NetworkBlock;
import dev.graft.pytorch.PyTorch;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// Computes features with PyTorch, on the CPU or on a CUDA device. A pass on the CPU runs on the thread that calls,
/// alone. Gradient mode is a matter of the thread, and is switched off on each thread that calls. Every native
/// array of a forward pass is closed when the pass ends.
public final class PyTorchEngine implements EmbeddingEngine {
    private final NDManager manager;
    private final NetworkBlock block;
    private final Batches batches;
    private final NativeBuffers inputs;
    private final Gate gate;

    private PyTorchEngine(NDManager manager, NetworkBlock block, Batches batches, NativeBuffers inputs, Gate gate) {
        this.manager = manager;
        this.block = block;
        this.batches = batches;
        this.inputs = inputs;
        this.gate = gate;
    }

    /// Loads a network.
    ///
    /// @param network the part of a network that gives one row of features
    /// @param weights its weights, needed only during this call
    /// @param device where it runs; `Auto` means the CPU
    /// @param parallelism how many forward passes may run side by side, at least 1
    /// @param maxBatch greatest number of images in one forward pass, at least 1; fewer when they are large, so
    ///     that it bounds the native memory of each
    /// @throws InferenceException when PyTorch cannot be loaded or refuses the network
    public static PyTorchEngine load(
            Network network, Weights weights, ComputeDevice device, int parallelism, int maxBatch) {
        Batches batches = Batches.of(network, maxBatch);
        Gate gate = new Gate(parallelism);
        try {
            return load(PyTorch.manager(device), network, weights, batches, new NativeBuffers(maxBatch), gate);
        } catch (EngineException e) {
            throw new InferenceException("PyTorch cannot load " + network.name(), e);
        }
    }

    /// Closes the manager, which owns what was copied so far, when the network cannot be filled.
    private static PyTorchEngine load(
            NDManager manager, Network network, Weights weights, Batches batches, NativeBuffers inputs, Gate gate) {
        try {
            return new PyTorchEngine(manager, NetworkBlock.of(manager, network, weights), batches, inputs, gate);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public int inputSize() {
        return batches.inputSize();
    }

    @Override
    public int dimension() {
        return batches.dimension();
    }

    @Override
    public int parallelism() {
        return gate.width();
    }

    @Override
    public int maxBatch() {
        return batches.maxBatch();
    }

    @Override
    public float[] embed(FloatBuffer images) {
        return batches.embed(images, this::pass);
    }

    private void pass(FloatBuffer images, int count, float[] features, int offset) {
        float[] rows = gate.pass(() -> inputs.withNative(images, input -> forward(input, count)));
        System.arraycopy(rows, 0, features, offset, rows.length);
    }

    private float[] forward(FloatBuffer images, int count) {
        boolean gradients = JniUtils.isGradMode();
        try (NDManager scope = manager.newSubManager()) {
            JniUtils.setGradMode(false);
            // Several threads call, and each computes alone, as in ONNX Runtime; else every one would take all cores.
            JniUtils.setNumThreads(1);
            return forward(scope, images, count);
        } catch (EngineException e) {
            throw new InferenceException("the forward pass failed in PyTorch", e);
        } finally {
            JniUtils.setGradMode(gradients);
        }
    }

    private float[] forward(NDManager scope, FloatBuffer images, int count) {
        // DJL takes bytes in native memory as they are, but copies floats wherever they lie.
        ByteBuffer bytes = MemorySegment.ofBuffer(images).asByteBuffer().order(ByteOrder.nativeOrder());
        NDArray input = scope.create(bytes, new Shape(count, 3, inputSize(), inputSize()), DataType.FLOAT32);
        return block.forward(new ParameterStore(scope, false), new NDList(input), false)
                .singletonOrThrow()
                .toFloatArray();
    }

    @Override
    public void close() {
        gate.close(() -> {
            manager.close();
            inputs.close();
        });
    }
}
