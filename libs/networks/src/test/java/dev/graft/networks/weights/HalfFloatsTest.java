package dev.graft.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class HalfFloatsTest {
    /// Of the 65,536 halves, 2 · 1,023 are not numbers; all others come back.
    @Test
    void widensEveryHalfExactlyAndNarrowsItAgain() {
        byte[] halves = new byte[2 * (1 << 16)];
        for (int bits = 0; bits < 1 << 16; bits++) {
            halves[2 * bits] = (byte) bits;
            halves[2 * bits + 1] = (byte) (bits >> 8);
        }
        float[] floats = new float[1 << 16];
        byte[] again = new byte[halves.length];
        HalfFloats.widen(MemorySegment.ofArray(halves), MemorySegment.ofArray(floats));
        HalfFloats.narrow(MemorySegment.ofArray(floats), MemorySegment.ofArray(again));
        int numbers = 0;
        for (int bits = 0; bits < 1 << 16; bits++) {
            if (!Float.isNaN(floats[bits])) {
                numbers++;
                assertThat(new byte[] {again[2 * bits], again[2 * bits + 1]})
                        .containsExactly((byte) bits, (byte) (bits >> 8));
            }
        }
        assertThat(numbers).isEqualTo((1 << 16) - 2 * 1023);
        assertThat(floats[0x3C00]).isEqualTo(1f);
        assertThat(floats[0x7BFF]).isEqualTo(HalfFloats.MAX);
        assertThat(floats[1]).isEqualTo(0x1p-24f);
    }

    @Test
    void roundsToTheNearestOrTheEvenHalf() {
        assertThat(thereAndBack(1 + 0x1p-12f)).isEqualTo(1f);
        assertThat(thereAndBack(1 + 0x1p-11f)).isEqualTo(1f);
        assertThat(thereAndBack(1 + 3 * 0x1p-11f)).isEqualTo(1 + 0x1p-9f);
        assertThat(thereAndBack(0x1p-25f)).isEqualTo(0f);
        assertThat(thereAndBack(-0f)).isEqualTo(-0f);
        assertThat(thereAndBack(65_520)).isEqualTo(Float.POSITIVE_INFINITY);
    }

    @Test
    void saysWhatFits() {
        assertThat(fit(1, -HalfFloats.MAX, 0, 1e-30f)).isTrue();
        assertThat(fit(1, Math.nextUp(HalfFloats.MAX))).isFalse();
        assertThat(fit(Float.NaN)).isFalse();
        assertThat(fit(Float.NEGATIVE_INFINITY)).isFalse();
        assertThat(fit()).isTrue();
    }

    @Test
    void refusesPlacesThatAreNotAsManyAsTheNumbers() {
        MemorySegment two = MemorySegment.ofArray(new float[2]);
        MemorySegment three = MemorySegment.ofArray(new short[3]);
        assertThatThrownBy(() -> HalfFloats.narrow(two, three)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HalfFloats.widen(three, two)).isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean fit(float... floats) {
        return HalfFloats.fit(MemorySegment.ofArray(floats));
    }

    private static float thereAndBack(float value) {
        float[] floats = {value};
        MemorySegment half = MemorySegment.ofArray(new short[1]);
        HalfFloats.narrow(MemorySegment.ofArray(floats), half);
        HalfFloats.widen(half, MemorySegment.ofArray(floats));
        return floats[0];
    }
}
