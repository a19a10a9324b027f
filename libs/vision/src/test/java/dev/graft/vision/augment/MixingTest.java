package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.graft.vision.Region;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixingTest {
    private static Optional<Mixing> drawn(String specification, long step) {
        return Mixing.of(Augmentation.parse(specification), 1, 1, step, 20, 10);
    }

    @Test
    void addsThePartnerReversed() {
        FloatBuffer batch = FloatBuffer.wrap(new float[] {99, 1, 2, 10, 20, 100, 200, 99});
        batch.position(1);

        new Mixing(0.75, Optional.empty()).mixImages(batch, 3, 1, 1, 2);

        // Quarters of such numbers are exact in float32.
        assertThat(batch.array()).containsExactly(99, 25.75f, 51.5f, 10, 20, 75.25f, 150.5f, 99);
        assertThat(batch.position()).isEqualTo(1);
    }

    @Test
    void laysTheBoxOfThePartnerOverEachChannel() {
        // Two images of two channels, three columns and two rows.
        float[] values = new float[2 * 2 * 6];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }

        new Mixing(0.5, Optional.of(new Region(1, 0, 2, 1))).mixImages(FloatBuffer.wrap(values), 2, 2, 2, 3);

        assertThat(values)
                .containsExactly(0, 13, 14, 3, 4, 5, 6, 19, 20, 9, 10, 11, 12, 1, 2, 15, 16, 17, 18, 7, 8, 21, 22, 23);
    }

    @Test
    void mixesTargetsByTheShare() {
        float[] targets = {1, 0, 0, 0, 1, 0, 0, 0, 1};

        new Mixing(0.75, Optional.of(new Region(0, 0, 1, 1))).mixTargets(FloatBuffer.wrap(targets), 3, 3);

        assertThat(targets).containsExactly(0.75f, 0, 0.25f, 0, 1, 0, 0.25f, 0, 0.75f);
    }

    @Test
    void leavesTheImageInTheMiddle() {
        float[] alone = {0.1f, 0.7f};

        new Mixing(0.3, Optional.empty()).mixImages(FloatBuffer.wrap(alone), 1, 1, 1, 2);

        assertThat(alone).containsExactly(0.1f, 0.7f);
        assertThat(Mixing.partner(0, 5)).isEqualTo(4);
        assertThat(Mixing.partner(2, 5)).isEqualTo(2);
    }

    @Test
    void boxesHaveTheShareThatIsCounted() {
        boolean cutOff = false;
        for (long step = 0; step < 2000; step++) {
            Mixing mixing = drawn("cutmix=1", step).orElseThrow();
            Region box = mixing.box().orElseThrow();

            assertThat(box.left()).isGreaterThanOrEqualTo(0);
            assertThat(box.left() + box.width()).isLessThanOrEqualTo(20);
            assertThat(box.top()).isGreaterThanOrEqualTo(0);
            assertThat(box.top() + box.height()).isLessThanOrEqualTo(10);
            assertThat(box.width()).isGreaterThanOrEqualTo(0);
            assertThat(box.height()).isGreaterThanOrEqualTo(0);
            // One division and one subtraction of doubles.
            assertThat(mixing.share()).isCloseTo(1 - box.width() * box.height() / 200.0, within(1e-15));
            cutOff |= box.left() == 0 && box.width() % 2 == 1;
        }
        assertThat(cutOff).as("a box was cut off at the edge").isTrue();
    }

    /// 2000 steps: the share of those that cut deviates by 0.011; four times that.
    @Test
    void cutsHalfOfTheStepsWhenBothAreAskedFor() {
        int cut = 0;
        for (long step = 0; step < 2000; step++) {
            cut += drawn("mixup=0.2,cutmix=1", step).orElseThrow().box().isPresent() ? 1 : 0;
        }

        assertThat(cut / 2000.0).isCloseTo(0.5, within(0.045));
    }

    @Test
    void isTheSameEachTimeAndAnotherInEachStep() {
        assertThat(drawn("mixup=0.2", 3)).isEqualTo(drawn("mixup=0.2", 3)).isNotEqualTo(drawn("mixup=0.2", 4));
        assertThat(drawn("mixup=0.2", 3).orElseThrow().box()).isEmpty();
        assertThat(drawn("classic", 3)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void refusesSharesThatAreNone(double share) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Mixing(share, Optional.empty()));
    }

    @Test
    void refusesBoxesOutsideOfTheImages() {
        Mixing large = new Mixing(0.5, Optional.of(new Region(0, 0, 3, 1)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> large.mixImages(FloatBuffer.allocate(8), 2, 1, 2, 2))
                .withMessageContaining("3");
    }
}
