package dev.graft.backbones.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
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
    private static final int PASSES = 800;
    private static final int INPUT_SIZE = 64;

    /// What the second half may add that is no leak: pools that still settle. Passes that left no more behind than
    /// the pictures that they took, the smallest thing of a pass but for its features, would add six times as
    /// much: 400 passes with 2.5 pictures of 48 KiB on the average are 49 MB.
    private static final long TOLERANCE_BYTES = 8L << 20;

    @ParameterizedTest
    @CsvSource({"onnxruntime,f32", "onnxruntime,int8", "pytorch,f32"})
    void staysFlatOverManyForwardPasses(String engine, String precision) throws Exception {
        MemoryCourse course = measure(new MemoryTrial(NETWORK, INPUT_SIZE, engine, precision, PASSES));

        assertThat(course.residentBytes())
                .hasSize(5)
                .allSatisfy(bytes -> assertThat(bytes).isPositive());
        assertThat(course.growthBytesPerThousandPasses() * PASSES / 2 / 1000)
                .as("%s", course)
                .isLessThan(TOLERANCE_BYTES);
    }

    private static MemoryCourse measure(MemoryTrial trial) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(trial.jvmOptions());
        command.add(BackboneMemory.class.getName());
        command.addAll(trial.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(trial.environment());
        // ONNX Runtime does not bear a long command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return JSON.readValue(output, MemoryCourse.class);
    }

    @Test
    void growthIsThatOfTheSecondHalf() {
        MemoryTrial trial = new MemoryTrial(NETWORK, INPUT_SIZE, "pytorch", "f32", 8000);
        MemoryCourse course = new MemoryCourse(trial, 2, 4, 0, 0, List.of(100L, 900L, 1000L, 1500L, 1400L));

        assertThat(course.growthBytesPerThousandPasses()).isEqualTo(100);
    }

    @Test
    void refusesPassesWithoutQuarters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryTrial(NETWORK, INPUT_SIZE, "pytorch", "f32", 3))
                .withMessage("3 passes have no quarters");
    }

    @Test
    void refusesHeapThatMayGrow() {
        assertThatIllegalStateException()
                .isThrownBy(ResidentMemory::ofThisProcess)
                .withMessageContaining("-XX:+AlwaysPreTouch");
    }
}
