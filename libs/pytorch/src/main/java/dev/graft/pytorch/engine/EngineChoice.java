package dev.graft.pytorch.engine;

import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.inference.InferenceException;
import dev.graft.networks.network.Network;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.networks.weights.Weights;
import dev.graft.onnxruntime.OnnxRuntimeEngine;
import dev.graft.pytorch.ComputeDevice;
import dev.graft.pytorch.PyTorch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Says which engine computes, and where. Read from `graft.engine` (`auto`, `onnxruntime`, `pytorch`) and
/// `graft.device` (`auto`, `cpu`, `cuda:N`). Left to itself the choice is ONNX Runtime on the CPU, or PyTorch
/// where there is a CUDA device that its native library can use.
///
/// @param kind the engine
/// @param device the device
public record EngineChoice(Kind kind, ComputeDevice device) {
    /// Leaves both open.
    public static final EngineChoice AUTO = new EngineChoice(Kind.AUTO, new ComputeDevice.Auto());

    private static final String TF32 = "NVIDIA_TF32_OVERRIDE";
    private static final int CPU_BATCH = 4;
    private static final int CUDA_BATCH = 64;
    private static final Path NVIDIA_DRIVER = Path.of("/dev/nvidiactl");

    /// An engine, or none in particular.
    public enum Kind {
        /// Whichever is best on the device.
        AUTO,
        /// ONNX Runtime; on the CPU only.
        ONNXRUNTIME,
        /// PyTorch.
        PYTORCH
    }

    /// Checks that the engine can use the device.
    public EngineChoice {
        if (kind == Kind.ONNXRUNTIME && device instanceof ComputeDevice.Cuda) {
            throw new IllegalArgumentException(
                    "ONNX Runtime is used on the CPU only; use graft.engine=pytorch for CUDA");
        }
    }

    /// Reads a choice from its written form.
    ///
    /// @param engine `auto`, `onnxruntime` or `pytorch`
    /// @param device `auto`, `cpu` or `cuda:N`
    /// @throws IllegalArgumentException when a value is not one of those that are known
    public static EngineChoice parse(String engine, String device) {
        return new EngineChoice(parseKind(engine), ComputeDevice.parse(device));
    }

    /// Returns this choice with nothing left open.
    ///
    /// @throws IllegalStateException when a CUDA device is asked for that PyTorch cannot use, or libraries for
    ///     CUDA would round in this process
    public EngineChoice resolved() {
        return switch (device) {
            case ComputeDevice.Cpu _ -> new EngineChoice(kind == Kind.AUTO ? Kind.ONNXRUNTIME : kind, device);
            case ComputeDevice.Cuda cuda -> {
                if (cuda.index() >= cudaDevices()) {
                    throw new IllegalStateException(
                            "PyTorch finds " + cudaDevices() + " CUDA devices, so there is no cuda:" + cuda.index());
                }
                requireWholeFactors(System.getenv());
                yield new EngineChoice(Kind.PYTORCH, device);
            }
            case ComputeDevice.Auto _ -> {
                boolean cuda = kind != Kind.ONNXRUNTIME && cudaDevices() > 0;
                yield new EngineChoice(kind, cuda ? new ComputeDevice.Cuda(0) : new ComputeDevice.Cpu()).resolved();
            }
        };
    }

    /// Gives the number of images in a forward pass that is fast on the device: few on the CPU, whose cache then
    /// holds what passes from step to step, many on a CUDA device.
    ///
    /// @throws IllegalStateException when a CUDA device is asked for that PyTorch cannot use
    public int fastBatch() {
        return computesOnCpu() ? CPU_BATCH : CUDA_BATCH;
    }

    /// Returns whether networks are computed on the CPU, in this process's memory.
    ///
    /// @throws IllegalStateException when a CUDA device is asked for that PyTorch cannot use
    public boolean computesOnCpu() {
        return resolved().device() instanceof ComputeDevice.Cpu;
    }

    /// Loads a network into the chosen engine, with as many images in a forward pass as are fast there.
    ///
    /// @param network the part of a network that gives one row of features
    /// @param weights its weights, needed only during this call
    /// @param parallelism how many forward passes may run side by side
    /// @throws InferenceException when the engine refuses the network
    /// @throws IllegalStateException when a CUDA device is asked for that PyTorch cannot use
    public EmbeddingEngine load(Network network, Weights weights, int parallelism) {
        return load(network, weights, parallelism, fastBatch());
    }

    /// Loads a network into the chosen engine, as [#load(Network, Weights, int)].
    ///
    /// @param maxBatch greatest number of images in one forward pass; fewer when they are large, so that
    ///     it bounds the native memory of each
    public EmbeddingEngine load(Network network, Weights weights, int parallelism, int maxBatch) {
        return load(network, weights, Optional.empty(), parallelism, maxBatch);
    }

    /// Loads a network into the chosen engine, as [#load(Network, Weights, int, int)].
    ///
    /// @param quantisation how it is computed in eight bits, by ONNX Runtime on the CPU whatever else there is;
    ///     else it is computed in float32
    /// @throws IllegalArgumentException when PyTorch or a CUDA device was asked for eight bits, the network is not
    ///     computed so, or a range is missing
    public EmbeddingEngine load(
            Network network, Weights weights, Optional<Quantisation> quantisation, int parallelism, int maxBatch) {
        if (quantisation.isPresent()) {
            requireEightBits();
            return OnnxRuntimeEngine.load(network, weights, quantisation, parallelism, maxBatch);
        }
        EngineChoice choice = resolved();
        return switch (choice.kind()) {
            case PYTORCH -> PyTorchEngine.load(network, weights, choice.device(), parallelism, maxBatch);
            case ONNXRUNTIME, AUTO -> OnnxRuntimeEngine.load(network, weights, parallelism, maxBatch);
        };
    }

    /// Checks that this choice allows eight bits.
    ///
    /// @throws IllegalArgumentException when PyTorch or a CUDA device was asked for
    public void requireEightBits() {
        if (kind == Kind.PYTORCH || device instanceof ComputeDevice.Cuda) {
            throw new IllegalArgumentException(
                    "int8 runs in ONNX Runtime on a CPU only; leave graft.engine and graft.device at auto, or use f32");
        }
    }

    private static Kind parseKind(String engine) {
        return switch (engine.toLowerCase(Locale.ROOT)) {
            case "auto" -> Kind.AUTO;
            case "onnxruntime" -> Kind.ONNXRUNTIME;
            case "pytorch" -> Kind.PYTORCH;
            default ->
                throw new IllegalArgumentException("'" + engine + "' is no engine: write auto, onnxruntime or pytorch");
        };
    }

    /// Requires that libraries for CUDA keep all bits of the factors of float32 products. By default they use
    /// TF32, which keeps 11 (https://docs.nvidia.com/cuda/cublas: `NVIDIA_TF32_OVERRIDE`), and then the features
    /// that are kept would not be those of other machines.
    ///
    /// @param environment of this process
    /// @throws IllegalStateException when they do not
    static void requireWholeFactors(Map<String, String> environment) {
        if (!"0".equals(environment.get(TF32))) {
            throw new IllegalStateException("libraries for CUDA would round the factors of float32 products: start the"
                    + " process with " + TF32 + "=0 in its environment");
        }
    }

    /// PyTorch is large and slow to load, so it is asked only where the driver of a device is present.
    private static int cudaDevices() {
        return Files.exists(NVIDIA_DRIVER) ? PyTorch.engine().getGpuCount() : 0;
    }
}
