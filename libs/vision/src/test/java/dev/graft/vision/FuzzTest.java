package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Mutates good and nasty pictures at random: whatever comes of it is a whole picture or the declared refusal, in
/// bounded memory and time.
///
/// `-Dgraft.fuzz.seconds=3600 -Dgraft.fuzz.seed=7` runs longer, and elsewhere.
class FuzzTest {
    private static final DecodeLimits LIMITS = new DecodeLimits(1 << 20, 500_000, 2_000);
    private static final long SECONDS = Long.getLong("graft.fuzz.seconds", 6);
    private static final long SEED = Long.getLong("graft.fuzz.seed", 20_261_123);
    private static final int[] EXTREMES = {0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    private static final int HEADER_BYTES = 200;
    private static final int MAX_SEED_BYTES = 60_000;

    @Test
    void givesAWholePictureOrTheDeclaredRefusalWhateverAFileHolds() throws Exception {
        List<Path> seeds = seeds();
        Random random = new Random(SEED);
        long deadlineNanos = System.nanoTime() + SECONDS * 1_000_000_000;
        int rounds = 0;
        int pictures = 0;
        while (System.nanoTime() < deadlineNanos) {
            Path seed = seeds.get(random.nextInt(seeds.size()));
            byte[] file = mutated(Files.readAllBytes(seed), seeds, random);
            pictures += decode(file, seed) ? 1 : 0;
            rounds++;
        }
        // Mutations that never pass, or always, would test nothing.
        assertThat(pictures).isBetween(rounds / 100, rounds - rounds / 100);
        System.getLogger(FuzzTest.class.getName())
                .log(System.Logger.Level.INFO, "fuzzed files={0} decoded={1}", rounds, pictures);
    }

    private static boolean decode(byte[] file, Path seed) throws IOException {
        try {
            Cost cost = Cost.of(file, LIMITS);
            cost.check(file, LIMITS);
            return cost.pixels().isPresent();
        } catch (AssertionError | RuntimeException | OutOfMemoryError | StackOverflowError unforeseen) {
            Path kept = Files.write(Files.createTempFile("graft-fuzz-", "-" + seed.getFileName()), file);
            throw new AssertionError("see " + kept + ", made of " + seed, unforeseen);
        }
    }

    private static byte[] mutated(byte[] original, List<Path> seeds, Random random) throws IOException {
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
                default -> spliced(file, at, Files.readAllBytes(seeds.get(random.nextInt(seeds.size()))), random);
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

    private static List<Path> seeds() throws IOException {
        List<Path> folders = new ArrayList<>(List.of(Path.of("src/test/resources/pictures")));
        Path nasty = Path.of(System.getProperty("graft.shared", "../shared"), "nasty");
        if (Files.isDirectory(nasty)) {
            folders.add(nasty);
        }
        List<Path> seeds = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toFile().length() < MAX_SEED_BYTES)
                        .filter(file -> !file.toString().endsWith(".tsv"))
                        .sorted()
                        .forEach(seeds::add);
            }
        }
        assertThat(seeds).hasSizeGreaterThan(40);
        return seeds;
    }
}
