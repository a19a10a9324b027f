package dev.graft.backbones.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Resident memory stays flat over many forward passes, in a process of its own with a bounded heap.
/// `-Dgraft.memory.passes=10000` and `-Dgraft.memory.inputSize=224` make it the long run.
class MemoryTest {
    private static final int PASSES = Integer.getInteger("graft.memory.passes", 300);
    private static final int INPUT_SIZE = Integer.getInteger("graft.memory.inputSize", 64);
    private static final long TOLERANCE_BYTES = 48L << 20;

    @ParameterizedTest
    @ValueSource(strings = {"onnxruntime", "pytorch"})
    void staysFlatOverManyForwardPasses(String engine) throws Exception {
        assumeTrue(Files.exists(MemoryProbe.STATUS), "resident memory is read from /proc");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-XX:MaxDirectMemorySize=128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryProbe.class.getName(),
                engine,
                String.valueOf(PASSES),
                String.valueOf(INPUT_SIZE)));
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        String line;
        try (BufferedReader output = process.inputReader()) {
            line = output.readLine();
        }
        assertThat(process.waitFor()).isZero();
        String[] residentBytes = line.split(" ");
        long grown = Long.parseLong(residentBytes[1]) - Long.parseLong(residentBytes[0]);
        assertThat(grown).as("%s of %s bytes", engine, residentBytes[0]).isLessThan(TOLERANCE_BYTES);
    }
}
