package dev.graft.predict.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.graft.onnxruntime.OrtSessions;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// A bundle's network in ONNX Runtime, from pixels to probabilities. Each pass runs on the thread that calls,
/// alone and without spinning; several threads may call at once.
public final class ServedNetwork implements AutoCloseable {
    private static final String PIXELS = "pixels";
    private static final String PROBABILITIES = "probabilities";
    private static final int CHANNELS = 3;

    private final OrtSession session;
    private final int inputSize;
    private final int classes;

    /// Opens a session.
    private interface Source {
        OrtSession open() throws OrtException;
    }

    /// @throws UnservableModelException when the file is no network from pixels to probabilities
    ServedNetwork(Path file) {
        this(() -> OrtSessions.open(file));
    }

    /// @param bytes of a model, which are not needed any more when this returns
    /// @throws UnservableModelException when they are no network from pixels to probabilities
    public ServedNetwork(ByteBuffer bytes) {
        this(() -> OrtSessions.open(bytes));
    }

    private ServedNetwork(Source source) {
        try {
            session = source.open();
        } catch (OrtException e) {
            throw new UnservableModelException("ONNX Runtime cannot load the network: " + e.getMessage(), e);
        }
        try {
            long[] pixels = shape(session.getInputInfo(), PIXELS, 4);
            long[] probabilities = shape(session.getOutputInfo(), PROBABILITIES, 2);
            if (pixels[1] < 1 || pixels[1] != pixels[2] || pixels[3] != CHANNELS || probabilities[1] < 1) {
                throw new UnservableModelException("the network does not lead from square pictures to classes");
            }
            inputSize = Math.toIntExact(pixels[1]);
            classes = Math.toIntExact(probabilities[1]);
        } catch (OrtException | RuntimeException e) {
            close();
            throw e instanceof UnservableModelException unservable
                    ? unservable
                    : new UnservableModelException("the network cannot be examined: " + e.getMessage(), e);
        }
    }

    int inputSize() {
        return inputSize;
    }

    int classes() {
        return classes;
    }

    /// Computes probabilities.
    ///
    /// @param pixels uint8 [images, inputSize, inputSize, 3]
    /// @return float32 [images][classes]
    float[][] classify(byte[] pixels) {
        int imageBytes = inputSize * inputSize * CHANNELS;
        if (pixels.length == 0 || pixels.length % imageBytes != 0) {
            throw new IllegalArgumentException(pixels.length + " bytes are no whole pictures of " + imageBytes);
        }
        long[] shape = {pixels.length / imageBytes, inputSize, inputSize, CHANNELS};
        // Freed with the pass: buffers that the JVM counts as direct would wait for the collector, or, kept by each
        // thread, be as large as the largest request for ever.
        try (Arena arena = Arena.ofConfined();
                OnnxTensor input = OnnxTensor.createTensor(
                        OrtSessions.environment(), copy(pixels, arena), shape, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of(PIXELS, input), Set.of(PROBABILITIES))) {
            return (float[][]) result.get(0).getValue();
        } catch (OrtException e) {
            throw new IllegalStateException("the forward pass failed", e);
        }
    }

    private static ByteBuffer copy(byte[] pixels, Arena arena) {
        return arena.allocate(pixels.length)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .put(pixels)
                .flip();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot let go of a session", e);
        }
    }

    private static long[] shape(Map<String, NodeInfo> values, String name, int rank) {
        NodeInfo value = values.get(name);
        if (value == null || !(value.getInfo() instanceof TensorInfo tensor) || tensor.getShape().length != rank) {
            throw new UnservableModelException("the network has no tensor " + name + " of rank " + rank);
        }
        return tensor.getShape();
    }
}
