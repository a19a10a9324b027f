package dev.graft.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.graft.networks.inference.InferenceException;
import dev.graft.networks.network.Shape;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.OnnxModel;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Runs an exported classifier from pixels to probabilities, with ONNX Runtime on the CPU. Safe for use by several
/// threads at once, as [dev.graft.networks.inference.EmbeddingEngine].
public final class PixelClassifier implements AutoCloseable {
    private final OrtModel model;
    private final int inputSize;
    private final int classes;

    private PixelClassifier(OrtModel model, int inputSize, int classes) {
        this.model = model;
        this.inputSize = inputSize;
        this.classes = classes;
    }

    private static PixelClassifier of(OrtModel model) {
        try {
            return new PixelClassifier(
                    model,
                    model.run((_, session) -> extent(session.getInputInfo(), BackboneExport.PIXELS)),
                    model.run((_, session) -> extent(session.getOutputInfo(), BackboneExport.PROBABILITIES)));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /// Loads a model that [BackboneExport#classifier] made.
    ///
    /// @param model the model
    /// @param parallelism how many forward passes may run side by side
    /// @throws InferenceException when ONNX Runtime refuses the model
    /// @throws IllegalArgumentException when the model is no exported classifier
    public static PixelClassifier load(OnnxModel model, int parallelism) {
        return of(OrtModel.load(model, parallelism));
    }

    /// Loads a model that [BackboneExport#classifier] made from its file.
    ///
    /// @param file the model
    /// @param parallelism how many forward passes may run side by side
    /// @throws InferenceException when ONNX Runtime refuses the model
    /// @throws IllegalArgumentException when the model is no exported classifier
    public static PixelClassifier load(Path file, int parallelism) {
        return of(OrtModel.load(file, parallelism));
    }

    /// Returns the height and width of the images it takes.
    public int inputSize() {
        return inputSize;
    }

    /// Returns the number of classes.
    public int classes() {
        return classes;
    }

    /// Returns the texts that were written into the model.
    public Map<String, String> metadata() {
        return model.run(
                (environment, session) -> Map.copyOf(session.getMetadata().getCustomMetadata()));
    }

    /// Computes the probabilities of the classes. Runs on the calling thread, in one forward pass.
    ///
    /// @param pixels uint8 `[count, inputSize, inputSize, 3]`, RGB
    /// @return float32 `[count][classes]`
    /// @throws IllegalArgumentException when the array does not hold whole images
    /// @throws IllegalStateException when the classifier is closed
    /// @throws InferenceException when the forward pass fails
    public float[][] classify(byte[] pixels) {
        Shape image = Shape.of(inputSize, inputSize, 3);
        if (pixels.length == 0 || pixels.length % image.elements() != 0) {
            throw new IllegalArgumentException(pixels.length + " bytes are no whole pictures of " + image);
        }
        long count = pixels.length / image.elements();
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer input = arena.allocate(pixels.length).asByteBuffer().order(ByteOrder.nativeOrder());
            input.put(pixels).flip();
            return model.run((environment, session) -> classify(environment, session, input, image.batched(count)));
        }
    }

    private static float[][] classify(OrtEnvironment environment, OrtSession session, ByteBuffer pixels, long[] shape)
            throws OrtException {
        try (OnnxTensor input = OnnxTensor.createTensor(environment, pixels, shape, OnnxJavaType.UINT8);
                OrtSession.Result result =
                        session.run(Map.of(BackboneExport.PIXELS, input), Set.of(BackboneExport.PROBABILITIES))) {
            return (float[][]) result.get(0).getValue();
        }
    }

    @Override
    public void close() {
        model.close();
    }

    private static int extent(Map<String, NodeInfo> values, String name) {
        NodeInfo value = values.get(name);
        if (value == null || !(value.getInfo() instanceof TensorInfo tensor) || tensor.getShape().length < 2) {
            throw new IllegalArgumentException("the model is no exported classifier: it has no " + name);
        }
        return Math.toIntExact(tensor.getShape()[1]);
    }
}
