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
        observeImagesPerSecond(100);

        assertThat(size.next()).isBetween(128, 160);
    }

    @Test
    void claimsNoMoreThanAllowedHoweverFastItIs() {
        observeImagesPerSecond(10_000);

        assertThat(size.next()).isEqualTo(256);
    }

    @Test
    void claimsAtLeastABatchHoweverSlowItIs() {
        observeImagesPerSecond(1);

        assertThat(size.next()).isEqualTo(BATCH);
    }

    @Test
    void followsAChangeOfSpeed() {
        observeImagesPerSecond(200);
        int fast = size.next();
        for (int i = 0; i < 10; i++) {
            observeImagesPerSecond(40);
        }

        assertThat(size.next()).isLessThan(fast / 2);
    }

    private void observeImagesPerSecond(double speed) {
        int images = 64;
        size.observe(images, (long) (images / speed * THREADS * 1e9));
    }
}
