package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OrientationTest {
    /// Rows a b c and d e f as they are stored.
    private static final Pixels STORED = grey(3, "abcdef");

    @ParameterizedTest
    @CsvSource({
        "1, 3, abcdef", "2, 3, cbafed", "3, 3, fedcba", "4, 3, defabc",
        "5, 2, adbecf", "6, 2, daebfc", "7, 2, fcebda", "8, 2, cfbead",
        "0, 3, abcdef", "9, 3, abcdef"
    })
    void turnsAnImageAsItsTagSays(int tag, int width, String expected) {
        Pixels upright = Orientation.ofTag(tag).upright(STORED);

        assertThat(upright.widthPixels()).isEqualTo(width);
        assertThat(upright.rgb()).isEqualTo(grey(width, expected).rgb());
    }

    @ParameterizedTest
    @EnumSource
    void findsEveryPartOfTheUprightImageInTheStoredOne(Orientation orientation) {
        Pixels upright = orientation.upright(STORED);
        for (int y = 0; y < upright.heightPixels(); y++) {
            for (int x = 0; x < upright.widthPixels(); x++) {
                Region stored = orientation.storedRegion(new Region(x, y, 1, 1), 3, 2);
                byte[] pixel = new byte[3];
                System.arraycopy(STORED.rgb(), 3 * (stored.top() * 3 + stored.left()), pixel, 0, 3);
                Patch patch =
                        orientation.upright(new Patch(stored.left(), stored.top(), new Pixels(1, 1, pixel)), 3, 2);

                assertThat(patch.left()).isEqualTo(x);
                assertThat(patch.top()).isEqualTo(y);
                assertThat(pixel[0]).isEqualTo(upright.rgb()[3 * (y * upright.widthPixels() + x)]);
            }
        }
    }

    @Test
    void makesOneUprightImageOfAllStoredVariants() throws Exception {
        ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD);
        for (String name : new String[] {"exif__Portrait_1.jpg", "exif__Portrait_3.jpg", "exif__Portrait_6.jpg"}) {
            byte[] file = SharedFiles.nasty(name);
            assertThat(decoder.inspect(file)).isEqualTo(new ImageHeader(ImageFormat.JPEG, 1200, 1800));
            Pixels pixels = decoder.decode(file, decoded -> decoded);
            assertThat(pixels.widthPixels()).isEqualTo(1200);
            assertThat(pixels.heightPixels()).isEqualTo(1800);
        }
    }

    private static Pixels grey(int width, String letters) {
        byte[] rgb = new byte[letters.length() * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) letters.charAt(i / 3);
        }
        return new Pixels(width, letters.length() / width, rgb);
    }
}
