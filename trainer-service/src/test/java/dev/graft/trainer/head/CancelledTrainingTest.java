package dev.graft.trainer.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Cancels trainings at random moments. Memory that is freed under a product that still runs ends the JVM; memory that
/// is not freed is seen in what the process holds.
class CancelledTrainingTest {
    private static final long SEED = 20_261_128;
    private static final int TRAININGS = 100;
    private static final int WARM_UP = 20;
    private static final int ROWS = 400;
    /// So many that the search for the strength works on a copy of some of the rows.
    private static final int COLUMNS = 50_000;

    private static final int LONGEST_MILLIS = 400;
    private static final long PAGE_BYTES = 4096;
    /// Eight of the matrices of 80 MB: a leak in every tenth training. The C library keeps what a thread has freed in
    /// that thread's arena, of which there are up to eight a core, so that a few may stay though nobody owns them:
    /// 300 MB were seen on a busy machine.
    private static final long TOLERANCE_BYTES = 640L << 20;

    private static final List<HeadSettings> KINDS = List.of(
            HeadSettings.linear(1),
            new HeadSettings(
                    HeadArchitecture.parse("mlp:64"),
                    HeadSettings.Optimizer.ADAM,
                    1000,
                    32,
                    1e-4,
                    0,
                    new ClassWeights.Equal(),
                    1));

    /// An interrupt while libraries are loaded is another matter.
    @BeforeAll
    static void loadPyTorch() {
        Torch.open().close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void hundredCancelledTrainingsNeitherCrashNorKeepMemory() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        long before = 0;
        List<Long> endingMillis = new ArrayList<>();
        for (int training = 0; training < TRAININGS; training++) {
            if (training == WARM_UP) {
                before = outsideTheHeapBytes();
            }
            endingMillis.add(cancelled(KINDS.get(training % KINDS.size()), random));
        }

        assertThat(outsideTheHeapBytes() - before).isLessThan(TOLERANCE_BYTES);
        endingMillis.sort(null);
        assertThat(endingMillis.get(TRAININGS * 9 / 10))
                .as("milliseconds from the interrupt to the end: %s", endingMillis)
                .isLessThan(1000);
    }

    /// Trains until a random moment, and gives how long the training then took to end.
    private static long cancelled(HeadSettings settings, SplittableRandom random) throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try (FeatureMatrix features = drawn(random.split())) {
                List<String> identities =
                        IntStream.range(0, ROWS).mapToObj(String::valueOf).toList();
                int[] labels = IntStream.range(0, ROWS).map(row -> row % 2).toArray();
                LearningSet set = new LearningSet(features, labels, 2, identities, new int[0]);
                new HeadTrainer(2).train(set, settings, _ -> {});
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        boolean unused = thread.join(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
        long interrupted = System.nanoTime();
        thread.interrupt();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        return (System.nanoTime() - interrupted) / 1_000_000;
    }

    private static FeatureMatrix drawn(SplittableRandom random) {
        FeatureMatrix matrix = new FeatureMatrix(ROWS, COLUMNS);
        float[] noise = new float[COLUMNS + ROWS];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        for (int row = 0; row < ROWS; row++) {
            matrix.setRow(row, MemorySegment.ofArray(noise).asSlice(4L * row, 4L * COLUMNS));
        }
        return matrix;
    }

    private static long outsideTheHeapBytes() throws IOException {
        System.gc();
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        return Long.parseLong(pages[1]) * PAGE_BYTES - heap;
    }
}
