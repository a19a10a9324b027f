package dev.graft.pytorch.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.networks.training.Loss;
import dev.graft.networks.training.Targets;
import dev.graft.pytorch.ComputeDevice;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The resident memory of a process that trains stays flat from step to step.
class FineTunerMemoryTest {
    private static final int WARM_UP_STEPS = 100;
    private static final int STRETCHES = 4;
    private static final int STEPS = 150;

    /// What is left behind is left in every stretch, whereas compilers and the pools of allocators settle in some. The
    /// gradients of one step of this part are 2 MB, so that a step in a hundred that left them would show.
    private static final long TOLERANCE_BYTES = STEPS * (2L << 20) / 100;

    @Test
    void staysFlatOverManySteps() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:+AlwaysPreTouch",
                        "--enable-native-access=ALL-UNNAMED",
                        FineTunerMemoryTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        List<Long> resident = output.lines().map(Long::valueOf).toList();
        assertThat(resident).hasSize(1 + STRETCHES);
        long leastGrowth = IntStream.rangeClosed(1, STRETCHES)
                .mapToLong(stretch -> resident.get(stretch) - resident.get(stretch - 1))
                .min()
                .orElseThrow();
        assertThat(leastGrowth).as("%s", resident).isLessThan(TOLERANCE_BYTES);
    }

    /// Prints how many bytes are in RAM after the first steps, and after each of some stretches more; the heap is a
    /// constant part.
    public static void main(String[] arguments) throws IOException {
        Network whole = Architectures.named("tf_efficientnet_lite0").withInputSize(32);
        Network upper = whole.from("blocks.5.3.add");
        float[] rows = new FormulaWeights("memory:")
                .tensor("rows", Shape.of(4, 192, 1, 1))
                .toArray();
        double[] ones = new double[1000];
        Arrays.fill(ones, 1);
        Targets targets = Targets.ofLabels(1000, new int[] {1, 2, 3, 4}, ones);
        TuningSettings settings = new TuningSettings(
                new Loss(Loss.Output.SOFTMAX, 0),
                new Descent.AdamW(0.01),
                Optional.empty(),
                OptionalDouble.of(1),
                Map.of(),
                3,
                2,
                false);
        try (FineTuner tuner = FineTuner.of(
                upper,
                new FormulaWeights("memory:").of(upper),
                whole.select("blocks.6"),
                settings,
                new ComputeDevice.Cpu())) {
            train(tuner, rows, targets, WARM_UP_STEPS);
            System.out.println(residentBytes());
            for (int stretch = 0; stretch < STRETCHES; stretch++) {
                train(tuner, rows, targets, STEPS);
                System.out.println(residentBytes());
            }
        }
    }

    private static void train(FineTuner tuner, float[] rows, Targets targets, int steps) {
        for (int step = 0; step < steps; step++) {
            double unused = tuner.step(FloatBuffer.wrap(rows), targets, 1e-4);
        }
        System.gc();
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }
}
