package dev.graft.pytorch.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Window;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.Pass;
import dev.graft.pytorch.PyTorch;
import dev.graft.pytorch.TensorCopies;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the backward pass reads of the forward pass is memory that nobody else may have meanwhile.
class KeptMemoryTest {
    private static final FormulaWeights FORMULA = new FormulaWeights("kept:");
    private static final int ROWS = 2;

    /// Between the two passes the JVM collects its garbage, and fills what direct memory that set free with other
    /// numbers.
    @ParameterizedTest
    @MethodSource("networks")
    void gradientsAreTheSameWhateverTheJvmDoesBetweenThePasses(Network network) {
        requireUndisturbed(network, new Pass(network.steps()));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void soAreThoseOfWhatIsComputedForTraining(Network network) {
        requireUndisturbed(network, Pass.differentiated(network.steps()));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void soAreThoseOfMixedPrecision(Network network) {
        requireUndisturbed(network, Pass.differentiatedInMixedPrecision(network.steps()));
    }

    private static void requireUndisturbed(Network network, Pass pass) {
        Map<String, float[]> undisturbed = gradients(network, pass, () -> {});
        gradients(network, pass, KeptMemoryTest::reuseFreedMemory)
                .forEach((name, gradient) -> assertThat(Arrays.equals(gradient, undisturbed.get(name)))
                        .as(name)
                        .isTrue());
    }

    @Test
    void theNetworksAboveHaveEveryOperation() {
        Set<Object> found = new HashSet<>();
        networks().flatMap(network -> network.nodes().stream()).forEach(node -> {
            found.add(node.op().getClass());
            if (node.op() instanceof Op.Activate(Activation function)) {
                found.add(function);
            }
        });
        assertThat(operations(Op.class)).hasSizeGreaterThan(20).allMatch(found::contains);
        assertThat(Activation.values()).allMatch(found::contains);
    }

    static Stream<Network> networks() {
        return Stream.concat(
                Stream.of(
                                "efficientnet_b0, 32",
                                "tf_efficientnet_lite0, 32",
                                "densenet121, 32",
                                "inception_v3, 96",
                                "inception_resnet_v2, 96",
                                "convnext_tiny, 32",
                                "vit_small_patch14_dinov2, 28")
                        .map(row -> row.split(", "))
                        .map(row -> Architectures.named(row[0]).withInputSize(Integer.parseInt(row[1]))),
                Stream.of(likeVgg()));
    }

    /// The operations of VGG that the others lack; it has more weights than a test should.
    private static Network likeVgg() {
        NetworkBuilder net = new NetworkBuilder("like_vgg", 8);
        net.stage("one").convWithBias("conv", 4, Window.square(3).same()).activate("act", Activation.RELU);
        net.then("pool", new PoolingOp.AdaptiveAveragePool(3)).then("flat", new Op.Flatten());
        net.then("head", new Op.Linear(5, true));
        return net.build("act", "head");
    }

    private static Stream<Class<?>> operations(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(KeptMemoryTest::operations)
                : Stream.of(type);
    }

    private static Map<String, float[]> gradients(Network network, Pass pass, Runnable between) {
        Weights weights = FORMULA.of(network);
        try (NDManager manager = PyTorch.engine().newBaseManager();
                TensorCopies copies = new TensorCopies(manager)) {
            boolean before = JniUtils.isGradMode();
            JniUtils.setGradMode(true);
            try {
                return gradients(network, pass, weights, manager, copies, between);
            } finally {
                JniUtils.setGradMode(before);
            }
        }
    }

    private static Map<String, float[]> gradients(
            Network network, Pass pass, Weights weights, NDManager manager, TensorCopies copies, Runnable between) {
        Map<String, NDArray> arrays = new HashMap<>();
        for (ParameterSpec parameter : network.parameters()) {
            NDArray array = copies.of(weights.tensor(parameter)).stopGradient();
            array.setRequiresGradient(parameter.learned());
            arrays.put(parameter.name(), array);
        }
        int pixels = network.inputShape().at(1);
        NDArray input = manager.create(
                FORMULA.images(ROWS, pixels), new Shape(network.inputShape().batched(ROWS)));
        NDArray logits = pass.run(input, arrays::get);
        between.run();
        NDArray slope = manager.ones(logits.getShape());
        JniUtils.backward((PtNDArray) logits, (PtNDArray) slope, false, false);
        Map<String, float[]> gradients = new LinkedHashMap<>();
        network.parameters().stream()
                .filter(ParameterSpec::learned)
                .map(ParameterSpec::name)
                .forEach(name ->
                        gradients.put(name, arrays.get(name).getGradient().toFloatArray()));
        return gradients;
    }

    /// Twice, so that what the first collection only queued for freeing is free; pieces of every size that the
    /// constants of a network have.
    private static void reuseFreedMemory() {
        for (int round = 0; round < 2; round++) {
            collectGarbage();
            for (int i = 0; i < 8192; i++) {
                ByteBuffer taken =
                        ByteBuffer.allocateDirect(Float.BYTES * (1 + i % 512)).order(ByteOrder.nativeOrder());
                while (taken.hasRemaining()) {
                    taken.putFloat(1000);
                }
            }
        }
    }

    /// Returns when a collection has found what was unreachable before.
    private static void collectGarbage() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
        while (queue.poll() != canary) {
            System.gc();
        }
    }
}
