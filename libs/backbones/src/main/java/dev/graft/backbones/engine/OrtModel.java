package dev.graft.backbones.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.graft.backbones.onnx.OnnxModel;
import dev.graft.backbones.quantisation.WeightBits;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/// A model loaded into ONNX Runtime: one session, used by several threads, each of which computes alone and never
/// spins.
final class OrtModel implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final int parallelism;
    private final Semaphore permits;
    private volatile boolean closed;

    /// What is done with the session while a permit is held.
    interface Pass<T> {
        T run(OrtEnvironment environment, OrtSession session) throws OrtException;
    }

    /// Where a session comes from.
    private interface Source {
        OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException;
    }

    private OrtModel(OrtEnvironment environment, OrtSession session, int parallelism) {
        this.environment = environment;
        this.session = session;
        this.parallelism = parallelism;
        this.permits = new Semaphore(parallelism);
    }

    /// Loads a model by way of native memory, so that it is never whole on the heap or on a disk.
    static OrtModel load(OnnxModel model, int parallelism) {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer bytes = model.toBuffer(arena);
            return load((environment, options) -> environment.createSession(bytes, options), parallelism);
        }
    }

    static OrtModel load(Path file, int parallelism) {
        return load((environment, options) -> environment.createSession(file.toString(), options), parallelism);
    }

    private static OrtModel load(Source source, int parallelism) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        try (OrtSession.SessionOptions options = options()) {
            return new OrtModel(environment, source.open(environment, options), parallelism);
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime cannot load the model", e);
        }
    }

    private static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.addConfigEntry("session.inter_op.allow_spinning", "0");
        if (WeightBits.ofThisMachine() == WeightBits.SEVEN) {
            // A model made elsewhere may use weights of eight bits, whose products would saturate here.
            options.addConfigEntry("session.x64quantprecision", "1");
        }
        return options;
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
            return pass.run(environment, session);
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
