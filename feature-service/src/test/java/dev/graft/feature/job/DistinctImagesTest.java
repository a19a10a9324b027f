package dev.graft.feature.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Sha256;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DistinctImagesTest {
    @Test
    void findsEachOfManyNewOnce() {
        DistinctImages images = new DistinctImages();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 50_000; i++) {
                assertThat(images.add(id(i))).isEqualTo(round == 0);
            }
        }
    }

    @Test
    void knowsTheIdOfZeros() {
        DistinctImages images = new DistinctImages();
        String zeros = "0".repeat(64);

        assertThat(images.add(zeros)).isTrue();
        assertThat(images.add(zeros)).isFalse();
    }

    private static String id(int i) {
        return Sha256.of(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
    }
}
