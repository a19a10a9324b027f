package dev.graft.feature.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChunkSizeTest {
    private static final int BATCH = 16;
    private static final int THREADS = 2;

    private final ChunkSize size = new ChunkSize(Duration.ofMillis(1500), BATCH, THREADS, 256);

    @Test
    void beginsSmallWhileNothingIsKnown() {
        assertThat(size.next()).isEqualTo(32);
    }

    @Test
    void claimsWhatItsSpeedDoesInTheGivenTime() {
        observePicturesPerSecond(100);

        assertThat(size.next()).isBetween(128, 160);
    }

    @Test
    void claimsNoMoreThanAllowedHoweverFastItIs() {
        observePicturesPerSecond(10_000);

        assertThat(size.next()).isEqualTo(256);
    }

    @Test
    void claimsAtLeastABatchHoweverSlowItIs() {
        observePicturesPerSecond(1);

        assertThat(size.next()).isEqualTo(BATCH);
    }

    @Test
    void followsAChangeOfSpeed() {
        observePicturesPerSecond(200);
        int fast = size.next();
        for (int i = 0; i < 10; i++) {
            observePicturesPerSecond(40);
        }

        assertThat(size.next()).isLessThan(fast / 2);
    }

    private void observePicturesPerSecond(double speed) {
        int pictures = 64;
        size.observe(pictures, (long) (pictures / speed * THREADS * 1e9));
    }
}
