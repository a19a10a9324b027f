package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DrawTest {
    private static final String ID = "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760";

    /// What a program in another language gave, which knew the documentation alone. Never edit it: it is what
    /// lets old trainings be repeated.
    @Test
    void givesTheNumbersOfTheDocumentation() {
        assertThat(three(Draw.of("rotation", 7, 1, ID)))
                .containsExactly(0x1238ca9d375f74a0L, 0x375bd873e60b90c9L, 0x825ac5421daa5896L);
        assertThat(three(Draw.of("rotation", -7, 1, ID)))
                .containsExactly(0xaf864f2ac9b9006aL, 0xb05653f3faab41aeL, 0x63a04af72971a96eL);
        assertThat(three(Draw.of("mix", 0, Long.MAX_VALUE, "12")))
                .containsExactly(0x3aa0001af77af254L, 0x863f0f7c2115e3ceL, 0xbb49a3e449e1f473L);
        assertThat(three(Draw.of("zoom.rows", 7, 2, ID + "é")))
                .containsExactly(0x973d2bc2412e5a15L, 0xd95138bad80a6f53L, 0xb26864377951f847L);
    }

    /// The JDK's generator is SplitMix64, too.
    @Test
    void isSplitMix64() {
        Draw draw = new Draw(1_234_567);
        SplittableRandom expected = new SplittableRandom(1_234_567);

        for (int i = 0; i < 1000; i++) {
            assertThat(draw.bits()).isEqualTo(expected.nextLong());
        }
    }

    /// χ² of 64 equal bins has 63 degrees of freedom; 1 sequence in 10⁴ passes 111.
    @Test
    void isUniformOverImagesAndEpochsAndWithinASequence() {
        int[] overImages = new int[64];
        int[] overEpochs = new int[64];
        int[] within = new int[64];
        Draw sequence = Draw.of("order", 5, 1, "");
        for (int i = 0; i < 64_000; i++) {
            overImages[Draw.of("rotation", 1, 1, "image " + i).below(64)]++;
            overEpochs[Draw.of("rotation", 1, i, ID).below(64)]++;
            within[sequence.below(64)]++;
        }

        assertThat(chiSquare(overImages)).isLessThan(111);
        assertThat(chiSquare(overEpochs)).isLessThan(111);
        assertThat(chiSquare(within)).isLessThan(111);
    }

    /// Two purposes of one image are independent: 16 × 16 bins have 255 degrees of freedom; 1 in 10⁴ passes
    /// 346.
    @Test
    void drawsEachPurposeByItself() {
        int[] both = new int[256];
        for (int i = 0; i < 64_000; i++) {
            int columns = Draw.of("zoom.columns", 3, i, ID).below(16);
            int rows = Draw.of("zoom.rows", 3, i, ID).below(16);
            both[16 * columns + rows]++;
        }

        assertThat(chiSquare(both)).isLessThan(346);
    }

    @Test
    void staysWithinItsBounds() {
        Draw draw = Draw.of("order", 1, 1, "");
        for (int i = 0; i < 10_000; i++) {
            assertThat(draw.unit()).isGreaterThanOrEqualTo(0).isLessThan(1);
            assertThat(draw.uniform(-3, 2)).isBetween(-3.0, 2.0);
            assertThat(draw.below(3)).isBetween(0, 2);
            assertThat(draw.happens(0)).isFalse();
            assertThat(draw.happens(1)).isTrue();
        }
        assertThat(draw.uniform(1.5, 1.5)).isEqualTo(1.5);
    }

    /// Otherwise a purpose could say what belongs to the seed.
    @Test
    void refusesPurposesOfSeveralLines() {
        assertThatIllegalArgumentException().isThrownBy(() -> Draw.of("a\nb", 1, 1, ID));
    }

    private static long[] three(Draw draw) {
        return new long[] {draw.bits(), draw.bits(), draw.bits()};
    }

    private static double chiSquare(int[] counts) {
        double expected = 64_000.0 / counts.length;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }
}
