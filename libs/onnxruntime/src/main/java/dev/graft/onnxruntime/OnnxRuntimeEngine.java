package dev.graft.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.networks.inference.Batches;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.inference.InferenceException;
import dev.graft.networks.inference.NativeBuffers;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.networks.quantisation.WeightBits;
import dev.graft.networks.weights.Weights;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Computes features with ONNX Runtime on the CPU. Several threads share one session. The native buffers that a
/// forward pass of usual images needs are kept and used again, at most one pair for each pass that runs side by
/// side.
public final class OnnxRuntimeEngine implements EmbeddingEngine {
    private final OrtModel model;
    private final Batches batches;
    private final NativeBuffers inputs;
    private final NativeBuffers outputs;

    private OnnxRuntimeEngine(OrtModel model, Batches batches, int maxBatch) {
        this.model = model;
        this.batches = batches;
        this.inputs = new NativeBuffers(maxBatch);
        this.outputs = new NativeBuffers(maxBatch);
    }

    /// Loads a network.
    ///
    /// @param network the part of a network that gives one row of features
    /// @param weights its weights, needed only during this call
    /// @param parallelism how many forward passes may run side by side, at least 1
    /// @param maxBatch greatest number of images in one forward pass, at least 1; fewer when they are large, so
    ///     that it bounds the native memory of each
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
        Batches batches = Batches.of(network, maxBatch);
        WeightBits bits = quantisation.map(Quantisation::weightBits).orElse(WeightBits.ofThisMachine());
        OnnxModel model = BackboneExport.features(network, weights, quantisation);
        return new OnnxRuntimeEngine(OrtModel.load(model, bits, parallelism), batches, maxBatch);
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
        return model.parallelism();
    }

    @Override
    public int maxBatch() {
        return batches.maxBatch();
    }

    @Override
    public float[] embed(FloatBuffer images) {
        return batches.embed(images, this::pass);
    }

    /// Lends buffers only while a pass may run, so that there are no more of them than passes side by side.
    private void pass(FloatBuffer images, int count, float[] features, int offset) {
        int length = count * dimension();
        model.run((environment, session) -> inputs.withNative(
                images,
                input -> outputs.lend(length, rows -> {
                    pass(environment, session, input, rows, count);
                    return rows.get(0, features, offset, length);
                })));
    }

    private void pass(OrtEnvironment environment, OrtSession session, FloatBuffer images, FloatBuffer rows, int count)
            throws OrtException {
        long[] imageShape = Shape.of(3, inputSize(), inputSize()).batched(count);
        long[] rowShape = Shape.of(dimension()).batched(count);
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
        inputs.close();
        outputs.close();
    }
}
