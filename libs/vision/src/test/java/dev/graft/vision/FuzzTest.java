package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Mutates good, nasty and generated images of every format at random: whatever comes of it is a whole
/// image or the declared refusal, in no more memory than declared and in little time.
///
/// `-Dgraft.fuzz.seconds=3600 -Dgraft.fuzz.seed=7` runs longer, and elsewhere.
class FuzzTest {
    private static final DecodeLimits LIMITS = new DecodeLimits(1 << 20, 500_000, 2_000);
    private static final long SECONDS = Long.getLong("graft.fuzz.seconds", 8);
    private static final long SEED = Long.getLong("graft.fuzz.seed", 20_261_123);
    private static final int[] EXTREMES = {0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    private static final int HEADER_BYTES = 200;
    private static final int MAX_SEED_BYTES = 60_000;
    private static final int TIFFS_OF_JPEGS = 5;

    /// One file in so many stays as it is: of mutated PNGs hardly one in hundreds passes its checksums.
    private static final int SOUND_FILES = 20;

    /// A heap in which an image that takes what it declares can be decoded, and none that takes 20 MB more.
    private static final int SMALL_HEAP_MEBIBYTES = 48;

    private static final long SMALL_BUDGET_BYTES = 20 << 20;
    private static final DecodeLimits WIDE_LIMITS = new DecodeLimits(1 << 20, 100_000_000, 20_000);

    private static final Map<ImageFormat, int[]> OUTCOMES = new EnumMap<>(ImageFormat.class);

    @Test
    void givesAWholeImageOrTheDeclaredRefusalWhateverAFileHolds() throws Exception {
        fuzz(SECONDS, SEED, LIMITS, Integer.MAX_VALUE);
    }

    /// Where every header may claim a hundred megapixels, only the budget keeps the heap from being exhausted.
    @Test
    void exhaustsNoSmallHeapWhateverAFileClaims() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + SMALL_HEAP_MEBIBYTES + "m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dgraft.shared=" + System.getProperty("graft.shared", "../shared"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FuzzTest.class.getName(),
                        Long.toString(SECONDS),
                        Long.toString(SEED + 1))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
    }

    /// Fuzzes in a process of its own: seconds and seed.
    public static void main(String[] arguments) throws Exception {
        fuzz(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]), WIDE_LIMITS, SMALL_BUDGET_BYTES);
    }

    private static void fuzz(long seconds, long seed, DecodeLimits limits, long budgetBytes) throws IOException {
        Random random = new Random(seed);
        List<byte[]> seeds = seeds();
        for (int i = 0; i < TIFFS_OF_JPEGS; i++) {
            seeds.add(GeneratedImages.tiffOfJpegs(random));
        }
        long deadlineNanos = System.nanoTime() + seconds * 1_000_000_000;
        int rounds = 0;
        int images = 0;
        while (System.nanoTime() < deadlineNanos) {
            byte[] original =
                    random.nextInt(4) == 0 ? GeneratedImages.any(random) : seeds.get(random.nextInt(seeds.size()));
            byte[] file = random.nextInt(SOUND_FILES) == 0 ? original : mutated(original, seeds, random);
            images += decode(file, limits, budgetBytes) ? 1 : 0;
            rounds++;
        }
        // Mutations that never pass, or always, would test nothing.
        assertThat(images).isBetween(rounds / 100, rounds - rounds / 100);
        OUTCOMES.forEach((format, outcomes) ->
                assertThat(outcomes).as("refused and decoded of " + format).doesNotContain(0));
        assertThat(OUTCOMES).containsOnlyKeys(ImageFormat.values());
        System.getLogger(FuzzTest.class.getName())
                .log(System.Logger.Level.INFO, "fuzzed files={0} decoded={1}", rounds, images);
    }

    private static boolean decode(byte[] file, DecodeLimits limits, long budgetBytes) throws IOException {
        try {
            Cost cost = Cost.of(file, limits, budgetBytes);
            cost.check(file);
            boolean decoded = cost.pixels().isPresent();
            ImageFormat.sniff(file)
                    .ifPresent(format -> OUTCOMES.computeIfAbsent(format, _ -> new int[2])[decoded ? 1 : 0]++);
            return decoded;
        } catch (AssertionError | RuntimeException | OutOfMemoryError | StackOverflowError unforeseen) {
            Path kept = Files.write(Files.createTempFile("graft-fuzz-", ".image"), file);
            throw new AssertionError("see " + kept, unforeseen);
        }
    }

    private static byte[] mutated(byte[] original, List<byte[]> seeds, Random random) {
        byte[] file = original.clone();
        int changes = 1 + random.nextInt(6);
        for (int i = 0; i < changes && file.length > 8; i++) {
            int range = random.nextBoolean() ? file.length : Math.min(file.length, HEADER_BYTES);
            int at = random.nextInt(range);
            file = switch (random.nextInt(9)) {
                case 0, 1, 2 -> withByte(file, at, random.nextInt());
                case 3, 4 -> withNumber(file, at, EXTREMES[random.nextInt(EXTREMES.length)], random);
                case 5 -> withByte(file, at, file[at] ^ 1 << random.nextInt(8));
                case 6 -> Arrays.copyOf(file, at + 1);
                case 7 -> spliced(file, at, file, random);
                default -> spliced(file, at, seeds.get(random.nextInt(seeds.size())), random);
            };
        }
        return file;
    }

    private static byte[] withByte(byte[] file, int at, int value) {
        file[at] = (byte) value;
        return file;
    }

    /// Writes a number of one, two or four bytes in either order.
    private static byte[] withNumber(byte[] file, int at, int value, Random random) {
        int size = 1 << random.nextInt(3);
        boolean bigEndian = random.nextBoolean();
        for (int i = 0; i < size && at + i < file.length; i++) {
            file[at + i] = (byte) (value >> 8 * (bigEndian ? size - 1 - i : i));
        }
        return file;
    }

    /// Replaces a part of a file by a part of another, or leaves it out.
    private static byte[] spliced(byte[] file, int at, byte[] other, Random random) {
        int dropped = random.nextInt(Math.min(64, file.length - at) + 1);
        int from = random.nextInt(Math.max(1, other.length));
        int taken = random.nextInt(Math.min(64, other.length - from) + 1);
        byte[] result = new byte[file.length - dropped + taken];
        System.arraycopy(file, 0, result, 0, at);
        System.arraycopy(other, from, result, at, taken);
        System.arraycopy(file, at + dropped, result, at + taken, file.length - at - dropped);
        return result;
    }

    private static List<byte[]> seeds() throws IOException {
        List<Path> folders =
                new ArrayList<>(List.of(Path.of("src/test/resources/pictures"), Path.of("src/test/resources/cases")));
        Path nasty = Path.of(System.getProperty("graft.shared", "../shared"), "nasty");
        if (Files.isDirectory(nasty)) {
            folders.add(nasty);
        }
        List<byte[]> seeds = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toFile().length() < MAX_SEED_BYTES)
                        .filter(file -> !file.toString().endsWith(".tsv"))
                        .sorted()
                        .map(SharedFiles::read)
                        .forEach(seeds::add);
            }
        }
        assertThat(seeds).hasSizeGreaterThan(40);
        return seeds;
    }
}
