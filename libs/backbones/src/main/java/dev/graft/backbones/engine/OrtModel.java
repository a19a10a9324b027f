package dev.graft.backbones.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.backbones.onnx.OnnxModel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/// A model loaded into ONNX Runtime: one session, used by several threads, each of which computes alone and never
/// spins.
final class OrtModel implements AutoCloseable {
    private final OrtSession session;
    private final int parallelism;
    private final Semaphore permits;
    private volatile boolean closed;

    /// What is done with the session while a permit is held.
    interface Pass<T> {
        T run(OrtEnvironment environment, OrtSession session) throws OrtException;
    }

    private OrtModel(OrtSession session, int parallelism) {
        this.session = session;
        this.parallelism = parallelism;
        this.permits = new Semaphore(parallelism);
    }

    /// Loads a model by way of native memory, so that it is never whole on the heap or on a disk.
    static OrtModel load(OnnxModel model, int parallelism) {
        try (Arena arena = Arena.ofConfined()) {
            return new OrtModel(OrtSessions.open(model.toBuffer(arena)), parallelism);
        } catch (OrtException e) {
            throw refusal(e);
        }
    }

    static OrtModel load(Path file, int parallelism) {
        try {
            return new OrtModel(OrtSessions.open(file), parallelism);
        } catch (OrtException e) {
            throw refusal(e);
        }
    }

    private static InferenceException refusal(OrtException e) {
        return new InferenceException("ONNX Runtime cannot load the model", e);
    }

    int parallelism() {
        return parallelism;
    }

    <T> T run(Pass<T> pass) {
        permits.acquireUninterruptibly();
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            return pass.run(OrtSessions.environment(), session);
        } catch (OrtException e) {
            throw new InferenceException("the forward pass failed in ONNX Runtime", e);
        } finally {
            permits.release();
        }
    }

    /// Waits for the running passes, then lets go of the session; a second call does nothing.
    @Override
    public void close() {
        permits.acquireUninterruptibly(parallelism);
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime cannot let go of the session", e);
        } finally {
            permits.release(parallelism);
        }
    }
}
