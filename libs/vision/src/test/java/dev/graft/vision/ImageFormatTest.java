package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFormatTest {
    @ParameterizedTest
    @CsvSource({
        "odd__jpeg_named.png, JPEG",
        "plain__flower.jpg, JPEG",
        "png__basn0g01.png, PNG",
        "plain__hopper.gif, GIF",
        "plain__hopper.bmp, BMP",
        "odd__1x1.bmp, BMP",
        "plain__hopper.webp, WEBP",
        "tiff__16bit.cropped.tif, TIFF"
    })
    void recognisesTheContentWhateverTheName(String name, ImageFormat format) {
        assertThat(ImageFormat.sniff(SharedFiles.nasty(name))).contains(format);
    }

    @Test
    void recognisesNothingInOtherContent() {
        for (String text :
                new String[] {"", "B", "BM", "GIF8", "<html>", "RIFF....WAVEfmt ", "BMore text than a header"}) {
            assertThat(ImageFormat.sniff(text.getBytes(StandardCharsets.US_ASCII)))
                    .as(text)
                    .isEqualTo(Optional.empty());
        }
    }
}
