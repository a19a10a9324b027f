package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AffineResamplerTest {
    private static final Affine STILL = new Affine(0, 0, 0, 0, 1, 1);
    private static final Mirror UPRIGHT = new Mirror(false, false);

    /// Looks at the four pixels before a row of four, at the row, and at the four behind it.
    @ParameterizedTest
    @CsvSource({
        "NEAREST, 10 10 10 10 10 20 30 40 40 40 40 40",
        "REFLECT, 40 30 20 10 10 20 30 40 40 30 20 10",
        "CONSTANT, 7 7 7 7 10 20 30 40 7 7 7 7"
    })
    void fillsAsScipyDoes(Fill fill, String expected) {
        byte[] row = {10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40};
        List<String> seen = new ArrayList<>();

        for (int shift : List.of(-4, 0, 4)) {
            double[] matrix = new Affine(0, shift, 0, 0, 1, 1).matrix(4, 1);
            byte[] moved = AffineResampler.resample(row, 4, 1, matrix, fill, 7, UPRIGHT);
            for (int x = 0; x < 4; x++) {
                seen.add(String.valueOf(moved[3 * x]));
            }
        }

        assertThat(String.join(" ", seen)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void leavesAnImageThatIsNotMoved(Fill fill) {
        byte[] rgb = noise(9, 5, 1);

        assertThat(AffineResampler.resample(rgb, 9, 5, STILL.matrix(9, 5), fill, 0, UPRIGHT))
                .isEqualTo(rgb);
    }

    @ParameterizedTest
    @EnumSource
    void turnsAQuarterWithoutLoss(Fill fill) {
        byte[] rgb = noise(7, 7, 2);
        // cos 90° is 6e-17, not 0: with CONSTANT a pixel of the edge may come to lie just beyond it.
        double[] exact = {0, -1, 6, 1, 0, 0};

        byte[] turned = AffineResampler.resample(rgb, 7, 7, exact, fill, 0, UPRIGHT);

        for (int y = 0; y < 7; y++) {
            for (int x = 0; x < 7; x++) {
                assertThat(turned[(y * 7 + x) * 3]).isEqualTo(rgb[(x * 7 + 6 - y) * 3]);
            }
        }
    }

    @Test
    void roundsHalvesUp() {
        byte[] rgb = {10, 10, 10, 11, 13, 15};

        byte[] moved = AffineResampler.resample(
                rgb, 2, 1, new Affine(0, 0.5, 0, 0, 1, 1).matrix(2, 1), Fill.NEAREST, 0, UPRIGHT);

        assertThat(moved).containsExactly(11, 12, 13, 11, 13, 15);
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "true, true"})
    void mirrorsWhatWasMoved(boolean columns, boolean rows) {
        byte[] rgb = noise(11, 6, 3);
        double[] matrix = new Affine(31, 1.5, -2.25, 4, 0.8, 1.3).matrix(11, 6);
        Mirror mirror = new Mirror(columns, rows);

        byte[] moved = AffineResampler.resample(rgb, 11, 6, matrix, Fill.REFLECT, 0, UPRIGHT);

        assertThat(AffineResampler.resample(rgb, 11, 6, matrix, Fill.REFLECT, 0, mirror))
                .isEqualTo(mirror.mirrored(moved, 11, 6));
        assertThat(mirror.mirrored(mirror.mirrored(moved, 11, 6), 11, 6)).isEqualTo(moved);
    }

    /// The most that can be set still reads within the image, also of a single pixel.
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 40", "40, 1", "33, 17"})
    void staysWithinTheImageWhateverIsSet(int width, int height) {
        byte[] rgb = noise(width, height, 4);
        Affine most = new Affine(179, 0.99 * width, -0.99 * height, 45, 10, 0.1);
        for (Fill fill : Fill.values()) {
            assertThat(AffineResampler.resample(rgb, width, height, most.matrix(width, height), fill, 0, UPRIGHT))
                    .hasSize(rgb.length);
        }
    }

    private static byte[] noise(int width, int height, long seed) {
        byte[] rgb = new byte[width * height * 3];
        new Random(seed).nextBytes(rgb);
        return rgb;
    }
}
