package dev.graft.pytorch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.networks.Closeness;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.inference.Batches;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.weights.Weights;
import dev.graft.onnxruntime.OrtSessions;
import dev.graft.pytorch.NetworkBlock;
import dev.graft.pytorch.PyTorch;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The parts that networks are cut into compute, one behind the other, what the whole computes.
///
/// In PyTorch they do so bit for bit, for the same operations are called on the same numbers; but for ConvNeXt,
/// whose normalised maps lie with channels last in memory, where PyTorch takes other kernels than for a part's
/// input. ONNX Runtime rewrites a graph as a whole, so that the parts round elsewhere; there the contract of
/// the engines holds, 1e-4 of the standard deviation, and for the networks that amplify the rounding of float32
/// ([ReferenceTest]) in the root of the mean square.
class CutNetworksTest {
    private static final double TOLERANCE = 1e-4;
    private static final FormulaWeights FORMULA = new FormulaWeights("cut:");

    static List<String> architectures() {
        return Architectures.names();
    }

    /// All cuts of a network at once: it falls into as many parts as it has stages to train.
    @ParameterizedTest
    @MethodSource("architectures")
    void partsBetweenAllStagesComputeInPyTorchWhatTheWholeComputes(String architecture) {
        Network network = small(architecture);
        Weights weights = FORMULA.of(network);
        float[] images = FORMULA.images(1, network.inputSize());
        float[] expected = inPyTorch(network, weights, images);
        float[] value = images;
        for (Network part : parts(network)) {
            value = inPyTorch(part, weights, value);
        }
        requireEqualInPyTorch(network, value, expected, network.output().name());
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void partsBetweenAllStagesComputeInOnnxRuntimeWhatTheWholeComputes(String architecture) throws OrtException {
        Network network = small(architecture);
        Weights weights = FORMULA.of(network);
        float[] images = FORMULA.images(1, network.inputSize());
        float[] expected = inOnnxRuntime(network, weights, images);
        float[] value = images;
        for (Network part : parts(network)) {
            value = inOnnxRuntime(part, weights, value);
        }
        assertThat(Closeness.of(value, expected).rootMeanSquare()).isLessThan(TOLERANCE);
    }

    /// Trunk and upper part by themselves, cut at the lowest, the middle and the highest place, of a network of each
    /// kind. That all places are right, the two above show.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tf_efficientnet_lite0",
                "efficientnet_b0",
                "mobilenetv1_100",
                "resnet18",
                "densenet121",
                "convnext_tiny",
                "vit_small_patch14_dinov2"
            })
    void trunkAndUpperPartComputeWhatTheWholeComputes(String architecture) throws OrtException {
        Network network = small(architecture);
        Weights weights = FORMULA.of(network);
        float[] images = FORMULA.images(1, network.inputSize());
        float[] inPyTorch = inPyTorch(network, weights, images);
        float[] inOnnxRuntime = inOnnxRuntime(network, weights, images);
        List<String> cuts = cuts(network);
        for (String cut : new TreeSet<>(List.of(cuts.getFirst(), cuts.get(cuts.size() / 2), cuts.getLast()))) {
            Network trunk = network.upToNode(cut);
            Network upper = network.from(cut);
            float[] again = inPyTorch(upper, weights, inPyTorch(trunk, weights, images));
            requireEqualInPyTorch(network, again, inPyTorch, cut);
            float[] found = inOnnxRuntime(upper, weights, inOnnxRuntime(trunk, weights, images));
            assertThat(Closeness.of(found, inOnnxRuntime).greatest()).as(cut).isLessThan(TOLERANCE);
            // As it is trained: the trunk in ONNX Runtime, the upper part in PyTorch.
            float[] mixed = inPyTorch(upper, weights, inOnnxRuntime(trunk, weights, images));
            assertThat(Closeness.of(mixed, inOnnxRuntime).greatest()).as(cut).isLessThan(TOLERANCE);
        }
    }

    @Test
    void enginesAndClassifiersOfImagesRefuseAnUpperPart() {
        Network upper = Architectures.named("resnet18").from("maxpool").upTo(TransferLayer.parse("global_pool"));
        assertThatThrownBy(() -> Batches.of(upper, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64x56x56");
        assertThatThrownBy(() -> BackboneExport.eightBitValues(upper)).hasMessageContaining("64x56x56");
        assertThat(BackboneExport.takesEightBits(upper)).isFalse();
    }

    private static void requireEqualInPyTorch(Network network, float[] found, float[] expected, String cut) {
        if (network.name().startsWith("convnext")) {
            assertThat(Closeness.of(found, expected).greatest()).as(cut).isLessThan(TOLERANCE);
        } else {
            assertThat(found).as(cut).isEqualTo(expected);
        }
    }

    /// The smallest sizes that leave every map of the network more than a position or two.
    private static Network small(String architecture) {
        Network network = Architectures.named(architecture);
        return network.withInputSize(
                switch (architecture) {
                    case "vit_small_patch14_dinov2" -> 56;
                    case "inception_v3", "inception_resnet_v2", "legacy_xception" -> 96;
                    default -> 64;
                });
    }

    /// Where the network is cut when one of its stages is trained, from below.
    private static List<String> cuts(Network network) {
        return network.stages().stream()
                .map(network::select)
                .filter(stage -> network.steps().stream()
                        .anyMatch(step -> stage.contains(step.node()) && step.parameterCount() > 0))
                .map(network::cut)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static List<Network> parts(Network network) {
        List<Network> parts = new ArrayList<>();
        String from = network.nodes().getFirst().name();
        for (String cut : Stream.concat(
                        cuts(network).stream(), Stream.of(network.output().name()))
                .distinct()
                .toList()) {
            parts.add(network.upToNode(cut).from(from));
            from = cut;
        }
        return parts;
    }

    private static float[] inPyTorch(Network network, Weights weights, float[] input) {
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            NetworkBlock block = NetworkBlock.of(manager, network, weights);
            NDArray array = manager.create(input, new Shape(network.inputShape().batched(1)));
            return block.forward(new ParameterStore(manager, false), new NDList(array), false)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    private static float[] inOnnxRuntime(Network network, Weights weights, float[] input) throws OrtException {
        OrtEnvironment environment = OrtSessions.environment();
        try (Arena arena = Arena.ofConfined();
                OrtSession session = OrtSessions.open(
                        BackboneExport.features(network, weights).toBuffer(arena));
                OnnxTensor tensor = OnnxTensor.createTensor(
                        environment,
                        FloatBuffer.wrap(input),
                        network.inputShape().batched(1));
                OrtSession.Result result = session.run(Map.of(BackboneExport.IMAGES, tensor))) {
            FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] found = new float[values.remaining()];
            values.get(found);
            return found;
        }
    }
}
