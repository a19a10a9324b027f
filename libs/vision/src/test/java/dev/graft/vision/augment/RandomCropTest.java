package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.vision.Region;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomCropTest {
    private static Region crop(String area, long epoch, int width, int height) {
        return Augmentation.parse("crop=" + area)
                .crop(new Showing(1, epoch, "image"))
                .orElseThrow()
                .of(width, height);
    }

    @ParameterizedTest
    @CsvSource({"400, 300", "300, 400", "224, 224", "1000, 700"})
    void takesTheAreaAndTheProportionsThatAreAskedFor(int width, int height) {
        for (long epoch = 0; epoch < 2000; epoch++) {
            Region part = crop("0.3..0.5", epoch, width, height);

            assertThat(part.left()).isBetween(0, width - part.width());
            assertThat(part.top()).isBetween(0, height - part.height());
            // Each side is rounded to whole pixels, the shortest of which here has 106.
            assertThat((double) part.width() * part.height() / (width * height)).isBetween(0.3 - 0.005, 0.5 + 0.005);
            assertThat((double) part.width() / part.height()).isBetween(0.75 - 0.01, 4.0 / 3 + 0.01);
        }
    }

    /// 2000 areas of a uniform distribution of deviation 0.2 / √12: their mean deviates by 0.0013; four times
    /// that.
    @Test
    void drawsTheAreaUniformly() {
        double sum = 0;
        for (long epoch = 0; epoch < 2000; epoch++) {
            Region part = crop("0.3..0.5", epoch, 1000, 1000);
            sum += part.width() * part.height() / 1e6;
        }

        assertThat(sum / 2000).isCloseTo(0.4, within(0.0052));
    }

    /// No part of a tenth of such a picture has these proportions.
    @ParameterizedTest
    @CsvSource({"1000, 10, 493, 0, 13, 10", "10, 1000, 0, 493, 10, 13", "1, 2000, 0, 999, 1, 1", "1, 1, 0, 0, 1, 1"})
    void takesTheMiddleWhenNothingFits(int width, int height, int left, int top, int partWidth, int partHeight) {
        assertThat(crop("0.5..1", 1, width, height)).isEqualTo(new Region(left, top, partWidth, partHeight));
    }

    @Test
    void isTheSameEachTimeAndAnotherInEachEpoch() {
        assertThat(crop("0.2..1", 1, 640, 480)).isEqualTo(crop("0.2..1", 1, 640, 480));
        assertThat(crop("0.2..1", 1, 640, 480)).isNotEqualTo(crop("0.2..1", 2, 640, 480));
    }
}
