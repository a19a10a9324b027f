package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Pictures at the limits fit the heaps that services have, one by one and any number at once.
class LargestImagesTest {
    /// The heap of 1,792 MiB that every service of a stack has at least, less the part that the serial collector keeps
    /// free.
    private static final long HEAP_BYTES = 1_732L << 20;

    private static final int HUNDRED_MEGAPIXELS_SIDE = 10_000;
    private static final int AT_ONCE = 8;

    @Test
    void aHundredMegapixelsOfEveryFormatFitTheHeapOfAService() throws Exception {
        long capacityBytes = (long) (DecodeBudget.HEAP_SHARE * HEAP_BYTES);
        ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD);
        for (Map.Entry<String, byte[]> file :
                GiantImages.of(HUNDRED_MEGAPIXELS_SIDE).entrySet()) {
            assertThat(ImageDecoder.workingBytes(decoder.open(file.getValue()), whole -> 0))
                    .as(file.getKey())
                    .isBetween(400_000_000L, capacityBytes);
        }
    }

    /// The heap is as much too small for all of them together as that of a service for eight of a hundred
    /// megapixels. The collector is that of the stack on one machine and of the images.
    @Test
    void manyAtOnceDoNotExhaustTheHeap() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx112m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargestImagesTest.class.getName(),
                        "2000")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
    }

    /// Decodes many pictures of each format at once, within the budget of the process.
    public static void main(String[] arguments) throws Exception {
        ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD).waiting(Duration.ofMinutes(5));
        List<byte[]> files =
                List.copyOf(GiantImages.of(Integer.parseInt(arguments[0])).values());
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Integer>> pixels = new ArrayList<>();
            for (int i = 0; i < AT_ONCE * files.size(); i++) {
                byte[] file = files.get(i % files.size());
                pixels.add(threads.submit(() -> decoder.decode(file, decoded -> decoded.rgb().length)));
            }
            for (Future<Integer> one : pixels) {
                assertThat(one.get()).isPositive();
            }
        }
        System.out.printf(
                "heap %,d, budget %,d bytes%n",
                Runtime.getRuntime().maxMemory(), DecodeBudget.ofProcess().capacityBytes());
    }
}
