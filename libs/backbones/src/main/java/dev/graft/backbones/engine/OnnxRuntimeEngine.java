package dev.graft.backbones.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.Shape;
import dev.graft.backbones.onnx.BackboneExport;
import dev.graft.backbones.weights.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Computes features with ONNX Runtime on the CPU. Several threads share one session. The native buffers that a
/// forward pass needs are kept and used again, at most one pair for each pass that runs side by side.
public final class OnnxRuntimeEngine implements EmbeddingEngine {
    private final OrtModel model;
    private final int inputSize;
    private final int dimension;
    private final int maxBatch;
    private final ConcurrentLinkedQueue<Buffers> idle = new ConcurrentLinkedQueue<>();

    private OnnxRuntimeEngine(OrtModel model, int inputSize, int dimension, int maxBatch) {
        this.model = model;
        this.inputSize = inputSize;
        this.dimension = dimension;
        this.maxBatch = maxBatch;
    }

    /// Loads a network.
    ///
    /// @param network the part of a network that gives one row of features
    /// @param weights its weights, needed only during this call
    /// @param parallelism how many forward passes may run side by side
    /// @param maxBatch greatest number of pictures in one forward pass; bounds the native memory of each
    /// @throws InferenceException when ONNX Runtime refuses the model
    public static OnnxRuntimeEngine load(Network network, Weights weights, int parallelism, int maxBatch) {
        int dimension = Features.dimension(network);
        return new OnnxRuntimeEngine(
                OrtModel.load(BackboneExport.features(network, weights), parallelism),
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
            int offset = first * dimension;
            model.run((environment, session) -> {
                pass(environment, session, part, batch, features, offset);
                return batch;
            });
        }
        return features;
    }

    private void pass(
            OrtEnvironment environment, OrtSession session, FloatBuffer images, int batch, float[] features, int offset)
            throws OrtException {
        Buffers buffers = idle.poll();
        if (buffers == null) {
            buffers = new Buffers(maxBatch * dimension);
        }
        FloatBuffer input = buffers.input(images, maxBatch * floatsPerImage());
        FloatBuffer output = buffers.output.slice(0, batch * dimension);
        Shape image = Shape.of(3, inputSize, inputSize);
        try (OnnxTensor inputTensor = OnnxTensor.createTensor(environment, input, image.batched(batch));
                OnnxTensor outputTensor = OnnxTensor.createTensor(environment, output, new long[] {batch, dimension});
                OrtSession.Result _ = session.run(
                        Map.of(BackboneExport.IMAGES, inputTensor),
                        Set.of(),
                        Map.of(BackboneExport.FEATURES, outputTensor))) {
            output.get(0, features, offset, batch * dimension);
        }
        idle.add(buffers);
    }

    @Override
    public void close() {
        model.close();
        idle.clear();
    }

    /// The native memory of one pass. The input buffer is made for the first caller whose own is not native.
    private static final class Buffers {
        private final FloatBuffer output;
        private FloatBuffer input = FloatBuffer.allocate(0);

        Buffers(int outputFloats) {
            output = direct(outputFloats);
        }

        FloatBuffer input(FloatBuffer images, int capacityFloats) {
            if (images.isDirect() && images.order() == ByteOrder.nativeOrder()) {
                return images;
            }
            if (input.capacity() < capacityFloats) {
                input = direct(capacityFloats);
            }
            input.clear().put(images.duplicate()).flip();
            return input;
        }

        private static FloatBuffer direct(int floats) {
            return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
    }
}
