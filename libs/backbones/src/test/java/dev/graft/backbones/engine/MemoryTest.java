package dev.graft.backbones.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.backbones.FormulaWeights;
import dev.graft.backbones.architecture.Architectures;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.TransferLayer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Resident memory stays flat over many forward passes of changing batch sizes. `-Dgraft.memory.passes=…` runs more.
class MemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int PASSES = Integer.getInteger("graft.memory.passes", 300);
    private static final int INPUT_SIZE = 96;
    private static final long TOLERANCE_BYTES = 48L << 20;

    @ParameterizedTest
    @CsvSource({"onnxruntime", "pytorch"})
    void staysFlatOverManyForwardPasses(String engineName) throws Exception {
        assumeTrue(Files.exists(STATUS), "resident memory is read from /proc");
        Network network = Architectures.named("tf_efficientnet_lite0")
                .withInputSize(INPUT_SIZE)
                .upTo(TransferLayer.parse("global_pool"));
        FormulaWeights formula = new FormulaWeights("");
        float[] images = formula.images(7, INPUT_SIZE);
        try (EmbeddingEngine engine = EngineChoice.parse(engineName, "cpu").load(network, formula.of(network), 2)) {
            run(engine, images, PASSES / 3);
            long before = residentBytes();
            run(engine, images, PASSES);
            assertThat(residentBytes() - before).isLessThan(TOLERANCE_BYTES);
        }
    }

    private static void run(EmbeddingEngine engine, float[] images, int passes) {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < passes; i++) {
                int count = 1 + i % 7;
                threads.execute(() -> engine.embed(FloatBuffer.wrap(images, 0, count * engine.floatsPerImage())));
            }
        }
    }

    private static long residentBytes() throws IOException {
        System.gc();
        String line = Files.readAllLines(STATUS).stream()
                .filter(candidate -> candidate.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }
}
