package dev.graft.pytorch.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.onnxruntime.OrtSessions;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/// Runs an ONNX file that another program wrote, with the settings that Graft's own engine uses: several threads, each
/// with one image batch and no help from the others.
final class ForeignModel implements AutoCloseable {
    private static final int CHANNELS = 3;

    private final OrtSession session;
    private final String input;
    private final int inputSize;

    ForeignModel(Path file, int inputSize) throws OrtException {
        this.session = OrtSessions.open(file);
        this.input = session.getInputNames().iterator().next();
        this.inputSize = inputSize;
    }

    /// Runs images through the network, float32 `[batch, 3, size, size]` from the buffer's position to its limit.
    void run(FloatBuffer images) {
        long batch = images.remaining() / ((long) CHANNELS * inputSize * inputSize);
        long[] shape = {batch, CHANNELS, inputSize, inputSize};
        try (OnnxTensor tensor = OnnxTensor.createTensor(OrtSessions.environment(), images, shape);
                OrtSession.Result _ = session.run(Map.of(input, tensor))) {
            // Only the time is wanted.
        } catch (OrtException e) {
            throw new IllegalStateException("the model of the other program does not run", e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the model of the other program cannot be closed", e);
        }
    }
}
