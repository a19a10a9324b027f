package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.vision.Region;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RandomEraseTest {
    private static Optional<Region> box(double probability, long epoch, int width, int height) {
        return RandomErase.box(Draw.of("erase", 1, epoch, "image"), probability, width, height);
    }

    @Test
    void coversBoxesOfTheAreaOfThePaper() {
        for (long epoch = 0; epoch < 2000; epoch++) {
            Region box = box(1, epoch, 224, 160).orElseThrow();

            assertThat(box.left()).isBetween(0, 224 - box.width());
            assertThat(box.top()).isBetween(0, 160 - box.height());
            // Each side is rounded to whole pixels; the smallest box has some 14 a side.
            assertThat(box.width() * box.height() / (224.0 * 160)).isBetween(0.02 - 0.001, 1.0 / 3 + 0.005);
            assertThat((double) box.height() / box.width()).isBetween(0.3 - 0.03, 1 / 0.3 + 0.2);
        }
    }

    /// 4000 showings: the share of those that are covered deviates by 0.007; four times that.
    @Test
    void coversAsOftenAsIsAskedFor() {
        int covered = 0;
        for (long epoch = 0; epoch < 4000; epoch++) {
            covered += box(0.25, epoch, 64, 64).isPresent() ? 1 : 0;
        }

        assertThat(covered / 4000.0).isCloseTo(0.25, within(0.028));
    }

    @Test
    void coversNothingOfImagesThatAreTooSmall() {
        assertThat(box(1, 1, 1, 1)).isEmpty();
        assertThat(box(1, 1, 1, 500)).isEmpty();
    }

    @Test
    void paintsTheBoxAndNothingElse() {
        byte[] rgb = new byte[4 * 3 * 3];

        RandomErase.erase(rgb, 4, new Region(1, 1, 2, 1), new byte[] {7, 8, 9});

        byte[] expected = new byte[rgb.length];
        System.arraycopy(new byte[] {7, 8, 9, 7, 8, 9}, 0, expected, (4 + 1) * 3, 6);
        assertThat(rgb).isEqualTo(expected);
    }
}
