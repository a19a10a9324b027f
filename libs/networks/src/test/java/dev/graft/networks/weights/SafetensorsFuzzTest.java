package dev.graft.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.graft.networks.network.Shape;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/// Changes, cuts and lengthens a good file in random ways: it is read, or refused by name, and nothing else happens; in
/// particular no number in it makes the reader allocate. `-Dgraft.fuzz.millis=600000` lets it run longer, and
/// `-Dgraft.fuzz.seed=…` differently; a failure names the file.
class SafetensorsFuzzTest {
    private static final long MILLIS = Long.getLong("graft.fuzz.millis", 1000);
    private static final long SEED = Long.getLong("graft.fuzz.seed", 20_240_229);

    /// The parser's own buffers take some ten thousand bytes; the files have a few hundred.
    private static final long MOST_BYTES_ALLOCATED = 1 << 18;

    /// Pieces of headers, and numbers at the edges of what fits.
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\":",
        "\"dtype\":\"F16\"",
        "\"shape\":[]",
        "\"__metadata__\":{},",
        "0",
        "-1",
        "4",
        "8",
        "1e9",
        "2147483647",
        "4294967296",
        "9223372036854775807",
        "18446744073709551616",
        "\\u0000",
        "null",
        "true",
        "\"F64\"",
        "\"BF16\"",
        "\"U8\""
    };

    private static final byte[] GOOD = SafetensorsWriter.toBytes(
            Map.of("k", "v"),
            Map.of("one", FloatTensor.of(Shape.of(2, 2), 1, 2, 3, 4), "two", FloatTensor.of(Shape.of(1), 5)));

    @Test
    void readsOrRefusesWhateverItIsGiven() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Set<Malformation> refusals = EnumSet.noneOf(Malformation.class);
        int read = 0;
        requireReadable(GOOD);
        long end = System.nanoTime() + MILLIS * 1_000_000;
        while (System.nanoTime() < end) {
            byte[] file = mutate(random);
            long before = thread.getCurrentThreadAllocatedBytes();
            try {
                requireReadable(file);
                read++;
            } catch (MalformedWeightsException e) {
                refusals.add(e.malformation());
            } catch (RuntimeException | Error e) {
                throw new AssertionError(HexFormat.of().formatHex(file), e);
            }
            assertThat(thread.getCurrentThreadAllocatedBytes() - before)
                    .as(() -> HexFormat.of().formatHex(file))
                    .isLessThan(MOST_BYTES_ALLOCATED);
        }
        assertThat(read).isPositive();
        assertThat(refusals).hasSizeGreaterThan(8);
    }

    /// Reads all that a file says it holds.
    private static void requireReadable(byte[] file) {
        try (Safetensors safetensors = Safetensors.of(file)) {
            safetensors.describe().forEach((name, description) -> {
                assertThat(safetensors.shape(name).elements()).isLessThanOrEqualTo(file.length);
                if (description.matches("(F|BF).*")) {
                    assertThat(safetensors.tensor(name).isFinite()).isTrue();
                }
            });
        }
    }

    private static byte[] mutate(RandomGenerator random) {
        int length = random.nextInt(4) == 0 ? random.nextInt(GOOD.length + 16) : GOOD.length;
        byte[] file = Arrays.copyOf(GOOD, length);
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && file.length > 8; i++) {
            switch (random.nextInt(4)) {
                case 0 -> file[random.nextInt(file.length)] = (byte) random.nextInt();
                case 1 -> overwrite(file, random);
                case 2 -> file = insert(file, random);
                default -> {
                    int bits = random.nextInt(Long.SIZE);
                    long headerBytes = random.nextInt(3) == 0 ? random.nextLong() >>> bits : GOOD[0] + bits % 16;
                    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, headerBytes);
                }
            }
        }
        return file;
    }

    private static void overwrite(byte[] file, RandomGenerator random) {
        byte[] piece = piece(random);
        int at = random.nextInt(file.length);
        System.arraycopy(piece, 0, file, at, Math.min(piece.length, file.length - at));
    }

    /// Inserts a piece into the header, whose length field is corrected.
    private static byte[] insert(byte[] file, RandomGenerator random) {
        byte[] piece = piece(random);
        int at = 8 + random.nextInt(file.length - 8);
        ByteBuffer longer = ByteBuffer.allocate(file.length + piece.length).order(ByteOrder.LITTLE_ENDIAN);
        longer.put(file, 0, at).put(piece).put(file, at, file.length - at);
        return longer.putLong(0, longer.getLong(0) + piece.length).array();
    }

    private static byte[] piece(RandomGenerator random) {
        return PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.US_ASCII);
    }
}
