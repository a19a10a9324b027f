package dev.graft.vision.augment;

import com.sun.management.ThreadMXBean;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Interpolation;
import dev.graft.vision.Preprocessing;
import dev.graft.vision.Preprocessor;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;

/// Measures how many prepared images of 224 × 224 pixels one core varies in a second of processor time, in
/// the best of several rounds. Run its `main`, with specifications as arguments.
final class AugmentBenchmark {
    private static final int ROUNDS = 20;
    private static final int IMAGES = 200;
    private static final int SIZE = 224;

    private AugmentBenchmark() {}

    public static void main(String[] arguments) {
        List<String> specifications = arguments.length > 0
                ? List.of(arguments)
                : List.of(
                        "rotation=180",
                        "rotation=180,fill=reflect",
                        "rotation=180,fill=constant",
                        "horizontal-flip",
                        "brightness=0.2",
                        "contrast=0.2",
                        "saturation=0.2",
                        "light",
                        "classic");
        List<Double> half = List.of(0.5, 0.5, 0.5);
        Preprocessor preprocessor =
                new Preprocessor(new Preprocessing(SIZE, 1, Interpolation.BICUBIC, half, half), DecodeLimits.STANDARD);
        byte[] prepared = new byte[preprocessor.sizeBytes()];
        new Random(1).nextBytes(prepared);
        for (String specification : specifications) {
            Augmenter augmenter = new Augmenter(preprocessor, Augmentation.parse(specification));
            System.out.printf("%-28s %,.0f a CPU-second%n", specification, IMAGES / bestSeconds(augmenter, prepared));
        }
    }

    private static double bestSeconds(Augmenter augmenter, byte[] prepared) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            long startNanos = threads.getCurrentThreadCpuTime();
            int sum = 0;
            for (int i = 0; i < IMAGES; i++) {
                sum += augmenter.vary(prepared, new Showing(1, i, "image"))[i];
            }
            // Sums are below 200 · 128: it only keeps the work from being left out.
            best = Math.min(best, (threads.getCurrentThreadCpuTime() - startNanos) / 1e9 + sum * 0x1p-60);
        }
        return best;
    }
}
