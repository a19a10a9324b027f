package dev.graft.networks.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeBuffersTest {
    /// What the largest buffer that is kept holds when it is for one image: one of 384 pixels.
    private static final int KEPT = 3 * 384 * 384;

    @Test
    void lendsNativeMemoryOfTheSizeThatIsAskedFor() {
        try (NativeBuffers buffers = new NativeBuffers(1)) {
            for (int floats : List.of(7, 5, 9)) {
                FloatBuffer lent = lend(buffers, floats);
                assertThat(lent.isDirect()).isTrue();
                assertThat(lent.order()).isEqualTo(ByteOrder.nativeOrder());
                assertThat(lent.capacity()).isEqualTo(floats);
            }
        }
    }

    @Test
    void keepsUsualBuffersForPassesOfNoMoreImages() {
        try (NativeBuffers buffers = new NativeBuffers(1)) {
            long address = address(lend(buffers, KEPT));
            assertThat(address(lend(buffers, 1))).isEqualTo(address);
            assertThat(address(lend(buffers, KEPT))).isEqualTo(address);
        }
    }

    @Test
    void keepsAsManyAsWereLentAtTheSameTime() {
        try (NativeBuffers buffers = new NativeBuffers(1)) {
            List<Long> first = buffers.lend(8, one -> buffers.lend(8, two -> List.of(address(one), address(two))));
            List<Long> second = buffers.lend(8, one -> buffers.lend(8, two -> List.of(address(one), address(two))));
            assertThat(second).containsExactlyInAnyOrderElementsOf(first);
        }
    }

    @Test
    void whatIsLentWhenItClosesIsUsableToTheEndAndFreedThen() {
        NativeBuffers buffers = new NativeBuffers(1);
        FloatBuffer lent = buffers.lend(8, buffer -> {
            buffers.close();
            assertThat(buffer.put(7, 1).get(7)).isEqualTo(1);
            return buffer;
        });
        assertFreed(lent);
    }

    @Test
    void freesLargeBuffersAtOnce() {
        try (NativeBuffers buffers = new NativeBuffers(1)) {
            assertFreed(lend(buffers, KEPT + 1));
        }
    }

    @Test
    void freesBuffersThatAreTooSmallForThePassesThatCome() {
        try (NativeBuffers buffers = new NativeBuffers(1)) {
            FloatBuffer small = lend(buffers, 8);
            FloatBuffer larger = lend(buffers, 9);
            assertFreed(small);
            assertThat(larger.get(8)).isFinite();
        }
    }

    @Test
    void freesWhatItKeepsWhenItIsClosed() {
        NativeBuffers buffers = new NativeBuffers(1);
        FloatBuffer lent = lend(buffers, 8);
        buffers.close();
        buffers.close();
        assertFreed(lent);
    }

    @Test
    void takesBuffersBackFromUsesThatFail() {
        try (NativeBuffers buffers = new NativeBuffers(1)) {
            long address = address(lend(buffers, 8));
            assertThatThrownBy(() -> buffers.lend(8, lent -> {
                        throw new IllegalArgumentException("failed at " + address(lent));
                    }))
                    .hasMessage("failed at " + address);
            assertThat(address(lend(buffers, 8))).isEqualTo(address);
        }
    }

    private static FloatBuffer lend(NativeBuffers buffers, int floats) {
        return buffers.lend(floats, lent -> lent);
    }

    private static long address(FloatBuffer buffer) {
        return MemorySegment.ofBuffer(buffer).address();
    }

    /// Java knows of memory that was freed, and does not touch it.
    private static void assertFreed(FloatBuffer buffer) {
        assertThatIllegalStateException().isThrownBy(() -> buffer.get(0)).withMessageContaining("closed");
    }
}
