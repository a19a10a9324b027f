package dev.graft.backbones.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.Shape;
import dev.graft.backbones.onnx.BackboneExport;
import dev.graft.backbones.quantisation.Quantisation;
import dev.graft.backbones.weights.Weights;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Computes features with ONNX Runtime on the CPU. Several threads share one session. The native buffers that a
/// forward pass needs are kept and used again, at most one pair for each pass that runs side by side.
public final class OnnxRuntimeEngine implements EmbeddingEngine {
    private final OrtModel model;
    private final int inputSize;
    private final int dimension;
    private final int maxBatch;
    private final NativeBuffers inputs;
    private final NativeBuffers outputs;

    private OnnxRuntimeEngine(OrtModel model, int inputSize, int dimension, int maxBatch) {
        this.model = model;
        this.inputSize = inputSize;
        this.dimension = dimension;
        this.maxBatch = maxBatch;
        this.inputs = new NativeBuffers(Math.multiplyExact(maxBatch, 3 * inputSize * inputSize));
        this.outputs = new NativeBuffers(Math.multiplyExact(maxBatch, dimension));
    }

    /// Loads a network.
    ///
    /// @param network the part of a network that gives one row of features
    /// @param weights its weights, needed only during this call
    /// @param parallelism how many forward passes may run side by side
    /// @param maxBatch greatest number of pictures in one forward pass; bounds the native memory of each
    /// @throws InferenceException when ONNX Runtime refuses the model
    public static OnnxRuntimeEngine load(Network network, Weights weights, int parallelism, int maxBatch) {
        return load(network, weights, Optional.empty(), parallelism, maxBatch);
    }

    /// Loads a network, as [#load(Network, Weights, int, int)].
    ///
    /// @param quantisation how it is computed in eight bits; else it is computed in float32
    /// @throws IllegalArgumentException when this network is not computed in eight bits, or a range is missing
    public static OnnxRuntimeEngine load(
            Network network, Weights weights, Optional<Quantisation> quantisation, int parallelism, int maxBatch) {
        int dimension = Features.dimension(network);
        return new OnnxRuntimeEngine(
                OrtModel.load(BackboneExport.features(network, weights, quantisation), parallelism),
                network.inputSize(),
                dimension,
                maxBatch);
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
        return model.parallelism();
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

    /// Lends buffers only while a pass may run, so that there are no more of them than passes side by side.
    private void pass(FloatBuffer images, int batch, float[] features, int offset) {
        model.run((environment, session) -> {
            inputs.withNative(
                    images,
                    input -> outputs.lend(output -> {
                        FloatBuffer rows = output.slice(0, batch * dimension);
                        pass(environment, session, input, rows, batch);
                        rows.get(0, features, offset, batch * dimension);
                    }));
            return batch;
        });
    }

    private void pass(OrtEnvironment environment, OrtSession session, FloatBuffer images, FloatBuffer rows, int batch)
            throws OrtException {
        long[] imageShape = Shape.of(3, inputSize, inputSize).batched(batch);
        long[] rowShape = Shape.of(dimension).batched(batch);
        try (OnnxTensor input = OnnxTensor.createTensor(environment, images, imageShape);
                OnnxTensor output = OnnxTensor.createTensor(environment, rows, rowShape);
                OrtSession.Result _ = session.run(
                        Map.of(BackboneExport.IMAGES, input), Set.of(), Map.of(BackboneExport.FEATURES, output))) {
            // The features are in the rows' memory now.
        }
    }

    @Override
    public void close() {
        model.close();
        inputs.clear();
        outputs.clear();
    }
}
