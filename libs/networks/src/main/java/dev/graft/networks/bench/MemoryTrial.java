package dev.graft.networks.bench;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import java.util.List;
import java.util.Map;

/// Many forward passes of one network, over which a program watches the memory of its process; and how that process is
/// to be started.
///
/// @param backbone name of a weight set of the catalogue
/// @param layer the last layer that is computed, as [dev.graft.networks.TransferLayer] writes it
/// @param inputSize height and width of the images
/// @param engine `onnxruntime` or `pytorch`
/// @param precision `f32`, or `int8` in ONNX Runtime
/// @param passes how many forward passes are watched, after some that warm up
public record MemoryTrial(String backbone, String layer, int inputSize, String engine, String precision, int passes) {
    /// Main class of the program, which prints a [MemoryCourse].
    public static final String PROGRAM = "dev.graft.pytorch.bench.BackboneMemory";

    /// The precision in eight bits.
    public static final String INT8 = "int8";

    /// The precision in single floats.
    public static final String F32 = "f32";

    /// How many stretches the passes are divided into.
    public static final int QUARTERS = 4;

    /// The fewest passes that can be watched.
    public static final int PASSES_MIN = QUARTERS;

    private static final int COMPONENTS = 6;

    /// What a process needs on its heap besides weights.
    private static final long SMALL_HEAP_BYTES = 128L << 20;

    /// While a network is loaded its weights are on the heap, and its largest tensor a few times more: that of
    /// VGG is three quarters of all.
    private static final int HEAP_BYTES_PER_PARAMETER = 16;

    /// Checks that there is something to watch.
    public MemoryTrial {
        if (passes < PASSES_MIN) {
            throw new IllegalArgumentException(passes + " passes have no quarters");
        }
    }

    /// Reads the arguments that [#arguments] writes.
    ///
    /// @throws IllegalArgumentException when they are others
    public static MemoryTrial parse(List<String> arguments) {
        if (arguments.size() != COMPONENTS) {
            throw new IllegalArgumentException(
                    "usage: BackboneMemory BACKBONE LAYER INPUT_SIZE ENGINE PRECISION PASSES");
        }
        return new MemoryTrial(
                arguments.get(0),
                arguments.get(1),
                Integer.parseInt(arguments.get(2)),
                arguments.get(3),
                arguments.get(4),
                Integer.parseInt(arguments.get(5)));
    }

    /// Returns the arguments of the program.
    public List<String> arguments() {
        return List.of(backbone, layer, String.valueOf(inputSize), engine, precision, String.valueOf(passes));
    }

    /// Returns how many passes there are between two readings; the rest of an uneven number is not made.
    public int passesPerQuarter() {
        return passes / QUARTERS;
    }

    /// Returns the options of its JVM. The heap neither grows nor shrinks and is in memory as a whole from the
    /// start, so that whatever changes lies outside it. The optimising compiler stays off: it borrows 20 to 30 MB
    /// when some code has run often enough, of which `malloc` keeps most, and such a step looks like growth. The
    /// time of a pass is spent in native code.
    public List<String> jvmOptions() {
        long heapBytes = SMALL_HEAP_BYTES + HEAP_BYTES_PER_PARAMETER * weights().parameters();
        return List.of(
                "-Xms" + heapBytes,
                "-Xmx" + heapBytes,
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED");
    }

    /// Returns the environment of its process: few arenas for `malloc`, as the services have it.
    public Map<String, String> environment() {
        return Map.of("MALLOC_ARENA_MAX", "2");
    }

    /// Returns the weight set at the input size.
    ///
    /// @throws IllegalArgumentException when there is none of this name, or it does not take images of this
    ///     size
    public Backbone weights() {
        return Catalogue.standard().get(backbone).withInputSize(inputSize);
    }
}
