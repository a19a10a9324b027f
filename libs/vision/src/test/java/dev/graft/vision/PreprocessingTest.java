package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

    private static Preprocessing recipe(int size, double cropFraction) {
        return new Preprocessing(size, cropFraction, Interpolation.BICUBIC, HALF, HALF);
    }

    @Test
    void resizesTheShortSideToTheFloorOfSizeByFraction() {
        assertThat(recipe(224, 0.875).shortSidePixels()).isEqualTo(256);
        assertThat(recipe(260, 0.89).shortSidePixels()).isEqualTo(292);
        assertThat(recipe(299, 0.8975).shortSidePixels()).isEqualTo(333);
        assertThat(recipe(32, 1.0).shortSidePixels()).isEqualTo(32);
    }

    @Test
    void hasADigestThatNeverChanges() {
        assertThat(recipe(224, 0.875).digest())
                .isEqualTo("6e8b2309e2e1df9481aae41d25042f2097fe47c3ea8ceecf1318d418bacb4a6d");
    }

    /// In some locales numbers are written with other digits.
    @Test
    void hasTheSameDigestInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            hasADigestThatNeverChanges();
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void hasAnotherDigestWhenAnythingDiffers() {
        assertThat(List.of(
                        recipe(224, 0.875).digest(),
                        recipe(225, 0.875).digest(),
                        recipe(224, 0.9).digest(),
                        new Preprocessing(224, 0.875, Interpolation.BILINEAR, HALF, HALF).digest(),
                        new Preprocessing(224, 0.875, Interpolation.BICUBIC, List.of(0.5, 0.5, 0.4), HALF).digest(),
                        new Preprocessing(224, 0.875, Interpolation.BICUBIC, HALF, List.of(0.5, 0.5, 0.4)).digest()))
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> recipe(0, 0.875));
        assertThatIllegalArgumentException().isThrownBy(() -> recipe(224, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> recipe(224, 1.01));
        assertThatIllegalArgumentException().isThrownBy(() -> recipe(224, Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Preprocessing(224, 1, Interpolation.BICUBIC, List.of(0.5), HALF));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Preprocessing(224, 1, Interpolation.BICUBIC, HALF, List.of(0.5, 0.0, 0.5)));
    }
}
