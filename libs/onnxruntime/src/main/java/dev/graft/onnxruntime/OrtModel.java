package dev.graft.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.networks.inference.Gate;
import dev.graft.networks.inference.InferenceException;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.networks.quantisation.WeightBits;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/// A model loaded into ONNX Runtime: one session, used by several threads, each of which computes alone and never
/// spins.
final class OrtModel implements AutoCloseable {
    private final OrtSession session;
    private final Gate gate;

    /// What is done with the session when it is its turn.
    interface Pass<T> {
        T run(OrtEnvironment environment, OrtSession session) throws OrtException;
    }

    private OrtModel(OrtSession session, Gate gate) {
        this.session = session;
        this.gate = gate;
    }

    /// Loads a model by way of native memory, so that it is never whole on the heap or on a disk.
    static OrtModel load(OnnxModel model, int parallelism) {
        return load(model, WeightBits.ofThisMachine(), parallelism);
    }

    /// Loads a model by way of native memory.
    ///
    /// @param weightBits how many bits its int8 weights may use
    static OrtModel load(OnnxModel model, WeightBits weightBits, int parallelism) {
        Gate gate = new Gate(parallelism);
        try (Arena arena = Arena.ofConfined()) {
            return new OrtModel(OrtSessions.open(model.toBuffer(arena), weightBits), gate);
        } catch (OrtException e) {
            throw refusal(e);
        }
    }

    static OrtModel load(Path file, int parallelism) {
        Gate gate = new Gate(parallelism);
        try {
            return new OrtModel(OrtSessions.open(file), gate);
        } catch (OrtException e) {
            throw refusal(e);
        }
    }

    private static InferenceException refusal(OrtException e) {
        return new InferenceException("ONNX Runtime cannot load the model", e);
    }

    int parallelism() {
        return gate.width();
    }

    <T> T run(Pass<T> pass) {
        try {
            return gate.pass(() -> pass.run(OrtSessions.environment(), session));
        } catch (OrtException e) {
            throw new InferenceException("the forward pass failed in ONNX Runtime", e);
        }
    }

    /// Waits for the running passes, then closes the session; a second call does nothing.
    @Override
    public void close() {
        try {
            gate.close(session::close);
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime cannot close the session", e);
        }
    }
}
