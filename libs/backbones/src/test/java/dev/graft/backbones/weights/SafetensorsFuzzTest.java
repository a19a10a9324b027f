package dev.graft.backbones.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.backbones.network.Shape;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Changes, cuts and lengthens a good file in random ways: it is read, or refused by name, and nothing else happens.
/// `-Dgraft.fuzz.millis=…` lets it run longer.
class SafetensorsFuzzTest {
    private static final long MILLIS = Long.getLong("graft.fuzz.millis", 1000);

    @Test
    void readsOrRefusesWhateverItIsGiven() {
        byte[] good = SafetensorsWriter.toBytes(
                Map.of("k", "v"),
                Map.of("one", FloatTensor.of(Shape.of(2, 2), 1, 2, 3, 4), "two", FloatTensor.of(Shape.of(1), 5)));
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        long end = System.nanoTime() + MILLIS * 1_000_000;
        int refused = 0;
        int read = 0;
        while (System.nanoTime() < end) {
            byte[] file = mutate(good, random);
            try (Safetensors safetensors = Safetensors.of(file)) {
                safetensors.names().stream()
                        .map(safetensors::shape)
                        .forEach(shape -> assertThat(shape.elements()).isLessThanOrEqualTo(file.length));
                read++;
            } catch (MalformedWeightsException e) {
                assertThat(e.malformation()).isNotNull();
                refused++;
            }
        }
        assertThat(refused).isPositive();
        assertThat(read).isPositive();
    }

    private static byte[] mutate(byte[] good, RandomGenerator random) {
        int length = random.nextInt(4) == 0 ? random.nextInt(good.length + 16) : good.length;
        byte[] file = java.util.Arrays.copyOf(good, length);
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && length > 0; i++) {
            file[random.nextInt(length)] = random.nextBoolean()
                    ? (byte) random.nextInt()
                    : (byte) "{}[],:\"0129-.eFUIB".charAt(random.nextInt(18));
        }
        return file;
    }
}
