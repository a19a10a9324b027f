package dev.graft.pytorch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.jni.JniUtils;
import dev.graft.networks.Closeness;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.inference.Batches;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.inference.NonFiniteFeaturesException;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Malformation;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.ComputeDevice;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract of the port, and that both engines keep it alike.
class EnginesAgreeTest {
    private static final FormulaWeights FORMULA = new FormulaWeights("agree:");

    @ParameterizedTest
    @ValueSource(ints = {32, 33, 39})
    void onEveryStepOfANetworkThatHasThemAll(int inputSize) {
        Network network = EverythingNetwork.ofSize(inputSize);
        float[] images = FORMULA.images(3, inputSize);
        network.nodes().stream().skip(1).forEach(node -> {
            Network part = network.upTo(new TransferLayer(node.name(), false));
            float[] expected = embed(EngineChoice.Kind.PYTORCH, part, images);
            float[] actual = embed(EngineChoice.Kind.ONNXRUNTIME, part, images);
            assertThat(Closeness.of(actual, expected).greatest())
                    .as(node.name())
                    .isLessThan(1e-5);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"ONNXRUNTIME", "PYTORCH"})
    void oneImageHasTheSameFeaturesInEveryBatchAndBuffer(EngineChoice.Kind kind) {
        Network network = EverythingNetwork.ofSize(32);
        float[] images = FORMULA.images(7, 32);
        FloatBuffer direct = ByteBuffer.allocateDirect(images.length * 4 + 40)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .position(10)
                .put(images)
                .position(10);
        try (EmbeddingEngine engine = choice(kind).load(network, FORMULA.of(network), 1, 3)) {
            float[] together = engine.embed(images);
            assertThat(together).hasSize(7 * engine.dimension()).isEqualTo(engine.embed(direct));
            assertThat(direct.position()).isEqualTo(10);
            for (int i = 0; i < 7; i++) {
                int floats = engine.floatsPerImage();
                float[] alone = engine.embed(Arrays.copyOfRange(images, i * floats, (i + 1) * floats));
                float[] row = Arrays.copyOfRange(together, i * engine.dimension(), (i + 1) * engine.dimension());
                assertThat(alone).containsExactly(row, within(1e-5f));
            }
            assertThat(engine.embed(new float[0])).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ONNXRUNTIME", "PYTORCH"})
    void severalThreadsShareAnEngine(EngineChoice.Kind kind) throws Exception {
        Network network = EverythingNetwork.ofSize(32);
        try (EmbeddingEngine engine = choice(kind).load(network, FORMULA.of(network), 2, 2);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(engine.parallelism()).isEqualTo(2);
            float[] images = FORMULA.images(5, 32);
            float[] expected = engine.embed(images);
            List<Future<float[]>> results = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                results.add(threads.submit(() -> engine.embed(images)));
            }
            for (Future<float[]> result : results) {
                assertThat(result.get()).containsExactly(expected, within(1e-6f));
            }
        }
    }

    @Test
    void aPassInPyTorchRunsOnTheThreadThatCalls() throws Exception {
        Network network = EverythingNetwork.ofSize(32);
        EngineChoice onCpu = EngineChoice.parse("pytorch", "cpu");
        try (EmbeddingEngine engine = onCpu.load(network, FORMULA.of(network), 1);
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Integer> threadsOfAPass = thread.submit(() -> {
                JniUtils.setNumThreads(2);
                float[] unused = engine.embed(FORMULA.images(1, 32));
                return JniUtils.getNumThreads();
            });
            assertThat(threadsOfAPass.get()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ONNXRUNTIME", "PYTORCH"})
    void aClosedEngineSaysSoAndClosingTwiceIsHarmless(EngineChoice.Kind kind) {
        Network network = EverythingNetwork.ofSize(32);
        EmbeddingEngine engine = choice(kind).load(network, FORMULA.of(network), 2);
        engine.close();
        engine.close();
        assertThatThrownBy(() -> engine.embed(FORMULA.images(1, 32))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"ONNXRUNTIME", "PYTORCH"})
    void refusesPartsOfImagesAndNetworksThatGiveMaps(EngineChoice.Kind kind) {
        Network network = EverythingNetwork.ofSize(32);
        try (EmbeddingEngine engine = choice(kind).load(network, FORMULA.of(network), 1)) {
            assertThatThrownBy(() -> engine.embed(new float[engine.floatsPerImage() + 1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Network map = network.upToNode("concat");
        assertThatThrownBy(() -> choice(kind).load(map, FORMULA.of(map), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// A normalisation divides by the root of its variance, which a file may say to be negative.
    @ParameterizedTest
    @CsvSource({
        "ONNXRUNTIME,stem_bn", "ONNXRUNTIME,right.bn", "ONNXRUNTIME,right.bn2",
        "PYTORCH,stem_bn", "PYTORCH,right.bn", "PYTORCH,right.bn2"
    })
    void refuseFeaturesThatAreNotFinite(EngineChoice.Kind kind, String norm) {
        Network network = EverythingNetwork.ofSize(32).upTo(new TransferLayer("concat", true));
        Weights sound = FORMULA.of(network);
        Shape channels = sound.shape(norm + ".running_var");
        float[] variance = new float[channels.at(0)];
        Arrays.fill(variance, 1);
        variance[2] = -1;
        Weights damaged = sound.with(Map.of(norm + ".running_var", FloatTensor.of(channels, variance)));
        try (EmbeddingEngine engine = choice(kind).load(network, damaged, 1)) {
            assertThatThrownBy(() -> engine.embed(FORMULA.images(6, 32)))
                    .isInstanceOf(NonFiniteFeaturesException.class)
                    .hasMessage("the network gives numbers that are not finite; its weights are damaged");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ONNXRUNTIME", "PYTORCH"})
    void takeAtLeastOneImageAtATime(EngineChoice.Kind kind) {
        Network network = EverythingNetwork.ofSize(32);
        assertThatThrownBy(() -> choice(kind).load(network, FORMULA.of(network), 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("picture");
        assertThatThrownBy(() -> choice(kind).load(network, FORMULA.of(network), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pass");
    }

    /// As many pixels go through together as in a pass of usual images, which are those of up to 384 pixels.
    @ParameterizedTest
    @CsvSource({"32,4,4", "384,4,4", "388,4,3", "512,4,2", "544,4,1", "1024,4,1", "1024,64,9", "1024,1,1"})
    void largeImagesPassInFewer(int inputSize, int maxBatch, int expected) {
        Network network = EverythingNetwork.ofSize(32).withInputSize(inputSize).upTo(new TransferLayer("concat", true));
        assertThat(Batches.of(network, maxBatch).maxBatch()).isEqualTo(expected);
    }

    /// A buffer of native memory holds 2 GiB at most, which is 174,762 images of 32 pixels.
    @Test
    void noPassIsLargerThanABuffer() {
        Network network = EverythingNetwork.ofSize(32);
        assertThat(Batches.of(network, Integer.MAX_VALUE).maxBatch()).isEqualTo(174_762);
    }

    /// Four images of 1,024 pixels are 48 MiB. That much was taken for each open network.
    @ParameterizedTest
    @EnumSource(names = {"ONNXRUNTIME", "PYTORCH"})
    void takeNoneOfTheJvmsDirectMemoryForLargeImages(EngineChoice.Kind kind) {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        Network network = EverythingNetwork.ofSize(32).withInputSize(1024).upTo(new TransferLayer("stem", true));
        float[] images = FORMULA.images(2, 1024);
        try (EmbeddingEngine engine = choice(kind).load(network, FORMULA.of(network), 1, 4)) {
            long beforeBytes = direct.getMemoryUsed();
            assertThat(engine.embed(images)).hasSize(2 * 8);
            // Two images are 24 MiB; collecting garbage can only make this less.
            assertThat(direct.getMemoryUsed() - beforeBytes).isLessThan(1 << 20);
        }
    }

    /// One image of 16,384 pixels, in float32, is beyond the 2 GiB of a buffer.
    @Test
    void imagesThatNoBufferHoldsAreRefused() {
        Network network = EverythingNetwork.ofSize(16_384).upTo(new TransferLayer("concat", true));
        assertThatThrownBy(() -> Batches.of(network, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16384");
    }

    @ParameterizedTest
    @EnumSource(names = {"ONNXRUNTIME", "PYTORCH"})
    void refuseWeightsThatLackATensor(EngineChoice.Kind kind) {
        Network network = EverythingNetwork.ofSize(32);
        Weights none = Weights.of(Map.of());
        assertThatThrownBy(() -> choice(kind).load(network, none, 1))
                .isInstanceOfSatisfying(
                        MalformedWeightsException.class,
                        e -> assertThat(e.malformation()).isEqualTo(Malformation.MISSING_TENSOR));
    }

    @Test
    void cudaIsUsedOnlyWhereItsLibrariesKeepAllBits() {
        EngineChoice.requireWholeFactors(Map.of("NVIDIA_TF32_OVERRIDE", "0"));
        assertThatThrownBy(() -> EngineChoice.requireWholeFactors(Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NVIDIA_TF32_OVERRIDE=0");
        assertThatThrownBy(() -> EngineChoice.requireWholeFactors(Map.of("NVIDIA_TF32_OVERRIDE", "1")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void choicesAreReadFromTheirWrittenForm() {
        assertThat(EngineChoice.parse("auto", "auto")).isEqualTo(EngineChoice.AUTO);
        assertThat(EngineChoice.parse("pytorch", "cuda:1").device()).isEqualTo(new ComputeDevice.Cuda(1));
        assertThat(EngineChoice.parse("auto", "cpu").resolved().kind()).isEqualTo(EngineChoice.Kind.ONNXRUNTIME);
        assertThat(EngineChoice.parse("pytorch", "cpu").resolved().kind()).isEqualTo(EngineChoice.Kind.PYTORCH);
        assertThat(EngineChoice.AUTO.resolved().device()).isNotInstanceOf(ComputeDevice.Auto.class);
        assertThatThrownBy(() -> EngineChoice.parse("tensorflow", "cpu")).hasMessageContaining("tensorflow");
        assertThatThrownBy(() -> EngineChoice.parse("auto", "tpu")).hasMessageContaining("tpu");
        assertThatThrownBy(() -> EngineChoice.parse("onnxruntime", "cuda:0"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EngineChoice.parse("pytorch", "cuda:99").resolved())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cuda:99");
    }

    private static float[] embed(EngineChoice.Kind kind, Network network, float[] images) {
        try (EmbeddingEngine engine = choice(kind).load(network, FORMULA.of(network), 1)) {
            return engine.embed(images);
        }
    }

    private static EngineChoice choice(EngineChoice.Kind kind) {
        return new EngineChoice(kind, new ComputeDevice.Cpu());
    }
}
