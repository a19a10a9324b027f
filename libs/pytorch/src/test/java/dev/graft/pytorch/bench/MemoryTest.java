package dev.graft.pytorch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.bench.MemoryCourse;
import dev.graft.networks.bench.MemoryTrial;
import dev.graft.networks.inference.Batches;
import dev.graft.networks.inference.PassMemory;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Resident memory stays flat over many forward passes in every engine and precision.
class MemoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NETWORK = "tf_efficientnet_lite0.in1k";
    private static final String LAYER = "global_pool";
    private static final int PASSES = 800;
    private static final int INPUT_SIZE = 64;

    /// What the second half may add that is no leak: pools that still settle, by up to 3 MB. The whole network shows
    /// a leak of as little as the images: 400 passes with 2.5 images of 48 KiB on the average leave 49 MB. Its
    /// features, 5 KiB an image, are too small to show; those of a network that ends with a map of 16 × 32 × 32,
    /// 64 KiB an image, leave 66 MB.
    private static final long TOLERANCE_BYTES = 8L << 20;

    @ParameterizedTest
    @CsvSource({
        "onnxruntime,f32,global_pool", "onnxruntime,int8,global_pool", "pytorch,f32,global_pool",
        "onnxruntime,f32,blocks.0", "onnxruntime,int8,blocks.0", "pytorch,f32,blocks.0"
    })
    void staysFlatOverManyForwardPasses(String engine, String precision, String layer) throws Exception {
        MemoryCourse course = measure(new MemoryTrial(NETWORK, layer, INPUT_SIZE, engine, precision, PASSES));

        assertThat(course.residentBytes())
                .hasSize(5)
                .allSatisfy(bytes -> assertThat(bytes).isPositive());
        assertThat(course.growthBytesPerThousandPasses() * PASSES / 2 / 1000)
                .as("%s", course)
                .isLessThan(TOLERANCE_BYTES);
    }

    /// Proves that the memory of larger images is what is estimated before they are accepted. Of 64 pixels they
    /// take next to nothing, so that what else there is in the process drops out of the difference. Memory of
    /// results grows by doubling, and a part of it is not used.
    @Test
    void imagesTakeWhatIsEstimated() throws Exception {
        int largePixels = 512;
        MemoryTrial small = new MemoryTrial(NETWORK, LAYER, INPUT_SIZE, "onnxruntime", "f32", MemoryTrial.PASSES_MIN);
        MemoryTrial large = new MemoryTrial(NETWORK, LAYER, largePixels, "onnxruntime", "f32", MemoryTrial.PASSES_MIN);
        MemoryCourse smallCourse = measure(small);
        MemoryCourse largeCourse = measure(large);
        Network network = large.weights().network().upTo(TransferLayer.parse(LAYER));
        int images = largeCourse.threads()
                * Batches.of(network, largeCourse.maxBatch()).maxBatch();

        double taken = largeCourse.residentBytes().getLast()
                - smallCourse.residentBytes().getLast();

        assertThat(taken / (images * PassMemory.of(network).imageBytes())).isBetween(0.6, 1.2);
    }

    private static MemoryCourse measure(MemoryTrial trial) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(trial.jvmOptions());
        command.add(BackboneMemory.class.getName());
        command.addAll(trial.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(trial.environment());
        // ONNX Runtime fails on a long command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return JSON.readValue(output, MemoryCourse.class);
    }

    @Test
    void growthIsThatOfTheSecondHalf() {
        MemoryTrial trial = new MemoryTrial(NETWORK, LAYER, INPUT_SIZE, "pytorch", "f32", 8000);
        MemoryCourse course = new MemoryCourse(trial, 2, 4, 0, 0, List.of(100L, 900L, 1000L, 1500L, 1400L));

        assertThat(course.growthBytesPerThousandPasses()).isEqualTo(100);
    }

    @Test
    void refusesPassesWithoutQuarters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryTrial(NETWORK, LAYER, INPUT_SIZE, "pytorch", "f32", 3))
                .withMessage("3 passes have no quarters");
    }

    @Test
    void refusesHeapThatMayGrow() {
        assertThatIllegalStateException()
                .isThrownBy(ResidentMemory::ofThisProcess)
                .withMessageContaining("-XX:+AlwaysPreTouch");
    }
}
