package dev.graft.vision;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Measures how many pictures of a folder one core prepares for a 224 × 224 network in a second of processor
/// time. Run its `main` with the folder as argument.
final class DecodeBenchmark {
    private static final int ROUNDS = 12;

    private DecodeBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        List<byte[]> files;
        try (Stream<Path> paths = Files.walk(Path.of(arguments[0]))) {
            files = paths.filter(Files::isRegularFile)
                    .filter(path -> path.toString().endsWith(".jpg"))
                    .map(SharedFiles::read)
                    .toList();
        }
        List<Double> half = List.of(0.5, 0.5, 0.5);
        Preprocessor preprocessor = new Preprocessor(
                new Preprocessing(224, 0.875, Interpolation.BICUBIC, half, half), DecodeLimits.STANDARD);
        byte[] target = new byte[preprocessor.sizeBytes()];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int round = 0; round < ROUNDS; round++) {
            long startNanos = threads.getCurrentThreadCpuTime();
            long startBytes = threads.getCurrentThreadAllocatedBytes();
            for (byte[] file : files) {
                preprocessor.read(file, target, 0);
            }
            double seconds = (threads.getCurrentThreadCpuTime() - startNanos) / 1e9;
            long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - startBytes;
            System.out.printf(
                    "%d pictures, %.0f per CPU-second, %d KiB allocated for each%n",
                    files.size(), files.size() / seconds, allocatedBytes / files.size() / 1024);
        }
    }
}
