package dev.graft.networks.quantisation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 6, 0.023529412, 0",
        "-1, 1, 0.007843138, 127",
        "-3, 0, 0.011764706, 255",
        "2, 4, 0.015686275, 0",
        "-4, -2, 0.015686275, 255",
        "0, 0, 1.17549435E-38, 0"
    })
    void hasAScaleAndAByteForZero(float minimum, float maximum, float scale, int zeroPoint) {
        Range range = new Range(minimum, maximum);
        assertThat(range.scale()).isEqualTo(scale);
        assertThat(range.zeroPoint()).isEqualTo(zeroPoint);
    }

    @ParameterizedTest
    @CsvSource({"-1.23451, 1.23451, -1.235, 1.235", "-1, 6, -1, 6", "0, 12345.6, 0, 12350"})
    void roundsOutward(float minimum, float maximum, float roundedMinimum, float roundedMaximum) {
        assertThat(new Range(minimum, maximum).rounded()).isEqualTo(new Range(roundedMinimum, roundedMaximum));
    }

    @Test
    void keepsPixelsAwayFromTheMiddleBetweenTwoBytesWhenWidened() {
        Range range = new Range(-1, 1).widened();
        for (int pixel = 0; pixel < 256; pixel++) {
            double exact = (pixel / 127.5 - 1) / range.scale();
            assertThat(Math.abs(exact - Math.floor(exact) - 0.5)).isGreaterThan(1e-3);
        }
    }
}
