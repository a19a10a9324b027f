package dev.graft.stack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServiceHeapsTest {
    /// What a hundred megapixels take, by the format that takes most (`docs/vision.md`).
    private static final double LARGEST_IMAGE_BYTES = 980e6;

    /// The share of the heap that decoding may use.
    private static final double DECODING = 0.6;

    /// The serial collector keeps one survivor space, a tenth of a third of the heap, free.
    private static final double USABLE = 29 / 30.0;

    @ParameterizedTest
    @EnumSource
    void holdsTheLargestImageThatIsAllowed(Service service) {
        double heapBytes = service.heapMebibytes() * 1024.0 * 1024.0;

        assertThat(DECODING * USABLE * heapBytes).isGreaterThan(LARGEST_IMAGE_BYTES);
    }
}
