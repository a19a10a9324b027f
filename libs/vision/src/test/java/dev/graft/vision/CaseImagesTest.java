package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.graft.vision.UndecodableImageException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images that people have and that were once read wrongly, or read at any price. Beside each lies what
/// Pillow makes of it, on white.
class CaseImagesTest {
    private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "webcam_frame_422_no_dht.jpg",
                "rgb_nir_unspecified.tif",
                "rgba_associated.tif",
                "bigtiff_rgb.tif"
            })
    void givesTheExpectedPixels(String name) throws Exception {
        Pixels pixels = decoder.decode(file(name), decoded -> decoded);
        Pixels expected = decoder.decode(file(name + ".expected.png"), decoded -> decoded);

        assertThat(pixels.widthPixels()).isEqualTo(expected.widthPixels());
        assertThat(Arrays.mismatch(pixels.rgb(), expected.rgb())).isNegative();
        decoder.verify(file(name));
    }

    @Test
    void refusesFiveBandsByTheirName() {
        assertThat(refusal("five_bands.tif").reason()).isEqualTo(Reason.UNSUPPORTED_VARIANT);
        assertThat(refusal("five_bands.tif")).hasMessageContaining("TIFF with 5 channels of 8 bits");
    }

    @Test
    void readsTheWidthOfATileWhateverTypeItHas() {
        assertThat(refusal("tile_ifd.tif").reason()).isEqualTo(Reason.TOO_MANY_PIXELS);
        assertThat(refusal("tile_ifd.tif")).hasMessageContaining("600,000,000");
    }

    /// A hundred megapixels in 34 bytes are an image; they are decoded where the budget holds them, and
    /// otherwise refused before anything is allocated.
    @Test
    void admitsAHundredMegapixelsIn34BytesOnlyWhereThereIsRoomForThem() throws Exception {
        byte[] file = file("plain10000.webp");
        StoredImage image = decoder.open(file);
        long needed = image.workingBytes(Region.whole(image));

        assertThat(needed).isBetween(700_000_000L, 720_000_000L);
        Cost cost = Cost.of(file, DecodeLimits.STANDARD, needed - 1);
        assertThat(cost.refusal()).contains(Reason.TOO_MUCH_MEMORY);
        assertThat(cost.allocatedBytes()).isLessThan(1 << 20);
    }

    private UndecodableImageException refusal(String name) {
        return catchThrowableOfType(
                UndecodableImageException.class, () -> decoder.decode(file(name), decoded -> decoded));
    }

    private static byte[] file(String name) {
        try (InputStream resource = CaseImagesTest.class.getResourceAsStream("/cases/" + name)) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
