package dev.graft.backbones.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.backbones.architecture.Architectures;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Resident memory stays flat over many forward passes, in a process of its own with a bounded heap.
/// `-Dgraft.memory.passes=10000`, `-Dgraft.memory.inputSize=224` and `-Dgraft.memory.network=convnext_tiny` make it the
/// long run of a network.
class MemoryTest {
    private static final int PASSES = Integer.getInteger("graft.memory.passes", 300);
    private static final int INPUT_SIZE = Integer.getInteger("graft.memory.inputSize", 64);
    private static final String NETWORK = System.getProperty("graft.memory.network", "tf_efficientnet_lite0");
    private static final long TOLERANCE_BYTES = 48L << 20;

    @ParameterizedTest
    @ValueSource(strings = {"onnxruntime", "pytorch"})
    void staysFlatOverManyForwardPasses(String engine) throws Exception {
        assumeTrue(Files.exists(MemoryProbe.STATUS), "resident memory is read from /proc");
        String heap = heapMebibytes() + "m";
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + heap,
                "-Xmx" + heap,
                "-XX:+AlwaysPreTouch",
                "-XX:MaxDirectMemorySize=" + heap,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryProbe.class.getName(),
                engine,
                String.valueOf(PASSES),
                String.valueOf(INPUT_SIZE),
                NETWORK));
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        String line;
        try (BufferedReader output = process.inputReader()) {
            line = output.readLine();
        }
        assertThat(process.waitFor()).isZero();
        String[] residentBytes = line.split(" ");
        long grown = Long.parseLong(residentBytes[residentBytes.length - 1]) - Long.parseLong(residentBytes[0]);
        assertThat(grown).as("%s: resident bytes %s", engine, line).isLessThan(TOLERANCE_BYTES);
    }

    /// Returns room for the weights, which are on the heap once, and once more while one of them is copied.
    private static long heapMebibytes() {
        return 128 + (8 * Architectures.named(NETWORK).parameterCount() >> 20);
    }
}
