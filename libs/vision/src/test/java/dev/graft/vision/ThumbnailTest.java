package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailTest {
    private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD);

    @ParameterizedTest
    @CsvSource({"400, 300, 200, 200, 150", "300, 400, 200, 150, 200", "100, 50, 200, 100, 50", "3000, 1, 100, 100, 1"})
    void fitsBothSidesAndNeverEnlarges(int width, int height, int maxSide, int expectedWidth, int expectedHeight)
            throws Exception {
        Pixels pixels = new Pixels(width, height, new byte[width * height * 3]);

        ImageHeader header = decoder.inspect(Thumbnail.jpeg(pixels, maxSide));

        assertThat(header).isEqualTo(new ImageHeader(ImageFormat.JPEG, expectedWidth, expectedHeight));
    }

    @Test
    void looksLikeTheImage() throws Exception {
        byte[] rgb = new byte[64 * 64 * 3];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) 200;
            rgb[i + 1] = 100;
            rgb[i + 2] = 30;
        }

        byte[] small = decoder.decode(Thumbnail.jpeg(new Pixels(64, 64, rgb), 32), Pixels::rgb);

        for (int i = 0; i < small.length; i += 3) {
            assertThat(small[i] & 0xFF).isBetween(195, 205);
            assertThat(small[i + 1] & 0xFF).isBetween(95, 105);
            assertThat(small[i + 2] & 0xFF).isBetween(25, 35);
        }
    }
}
