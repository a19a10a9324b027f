package dev.graft.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.graft.networks.quantisation.WeightBits;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// Opens every session of ONNX Runtime that Graft uses, all with the same settings: each pass runs on the thread that
/// calls, alone and without spinning, so that several threads may call a session at once and none disturbs another.
///
/// The caller closes the session. All methods may be called by several threads.
public final class OrtSessions {
    private OrtSessions() {}

    /// Where a session comes from.
    private interface Source {
        OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException;
    }

    /// Returns the environment of this process, which is never closed.
    public static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    }

    /// Opens a session of a model in memory, in float32 or with weights of as many bits as suit this machine.
    ///
    /// @param model an ONNX model, direct memory that is not needed any more when this returns
    /// @throws OrtException when ONNX Runtime refuses the model
    public static OrtSession open(ByteBuffer model) throws OrtException {
        return open(model, WeightBits.ofThisMachine());
    }

    /// Opens a session of a model in memory.
    ///
    /// @param model an ONNX model, direct memory that is not needed any more when this returns
    /// @param weightBits how many bits its int8 weights may use
    /// @throws OrtException when ONNX Runtime refuses the model
    static OrtSession open(ByteBuffer model, WeightBits weightBits) throws OrtException {
        return open((environment, options) -> {
            suit(options, weightBits);
            return environment.createSession(model, options);
        });
    }

    /// Opens a session of a model in a file, which may have been made on another machine.
    ///
    /// @param file an ONNX model
    /// @throws OrtException when ONNX Runtime refuses the model, or the file cannot be read
    public static OrtSession open(Path file) throws OrtException {
        return open((environment, options) -> {
            suit(options, WeightBits.EIGHT);
            return environment.createSession(file.toString(), options);
        });
    }

    /// Opens a session that writes down the time of every operator until [OrtSession#endProfiling], which gives
    /// the file.
    ///
    /// @param model  an ONNX model, direct memory that is not needed any more when this returns
    /// @param prefix how the file's path begins
    /// @throws OrtException when ONNX Runtime refuses the model
    public static OrtSession openProfiled(ByteBuffer model, Path prefix) throws OrtException {
        return open((environment, options) -> {
            options.enableProfiling(prefix.toString());
            return environment.createSession(model, options);
        });
    }

    /// Has weights of eight bits made unsigned where their products would saturate. It takes time in every
    /// pass, so that what a process makes for itself uses seven bits there.
    private static void suit(OrtSession.SessionOptions options, WeightBits weightBits) throws OrtException {
        if (weightBits == WeightBits.EIGHT && WeightBits.ofThisMachine() == WeightBits.SEVEN) {
            options.addConfigEntry("session.x64quantprecision", "1");
        }
    }

    private static OrtSession open(Source source) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.addConfigEntry("session.inter_op.allow_spinning", "0");
            return source.open(environment(), options);
        }
    }
}
