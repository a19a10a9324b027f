package dev.graft.backbones.engine;

import dev.graft.backbones.FormulaWeights;
import dev.graft.backbones.architecture.Architectures;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.TransferLayer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Makes forward passes of changing batch sizes on two threads and prints resident bytes after a warm-up and after
/// each quarter of them.
final class MemoryProbe {
    static final Path STATUS = Path.of("/proc/self/status");
    private static final int WARM_UP_PASSES = 100;
    private static final int PARTS = 4;

    private MemoryProbe() {}

    /// @param arguments engine, number of passes, input size, architecture
    public static void main(String[] arguments) throws Exception {
        int passes = Integer.parseInt(arguments[1]);
        int inputSize = Integer.parseInt(arguments[2]);
        Network whole = Architectures.named(arguments[3]).withInputSize(inputSize);
        Network network = whole.upTo(TransferLayer.parse(whole.features()));
        FormulaWeights formula = new FormulaWeights("");
        float[] images = formula.images(7, inputSize);
        EngineChoice choice = EngineChoice.parse(arguments[0], "cpu");
        try (EmbeddingEngine engine = choice.load(network, formula.of(network), 2);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            run(engine, threads, images, WARM_UP_PASSES);
            StringBuilder resident = new StringBuilder().append(residentBytes());
            for (int part = 0; part < PARTS; part++) {
                run(engine, threads, images, passes / PARTS);
                resident.append(' ').append(residentBytes());
            }
            System.out.println(resident);
        }
    }

    private static void run(EmbeddingEngine engine, ExecutorService threads, float[] images, int passes)
            throws Exception {
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < passes; i++) {
            FloatBuffer batch = FloatBuffer.wrap(images, 0, (1 + i % 7) * engine.floatsPerImage());
            results.add(threads.submit(() -> engine.embed(batch).length));
        }
        for (Future<Integer> result : results) {
            result.get();
        }
    }

    private static long residentBytes() throws IOException {
        String line = Files.readAllLines(STATUS).stream()
                .filter(candidate -> candidate.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }
}
