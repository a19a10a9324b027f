package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Damages good pictures on purpose: whatever comes of it, it is a whole picture or a refusal, and soon.
class DamagedImagesTest {
    private static final DecodeLimits LIMITS = new DecodeLimits(1 << 20, 2_000_000, 2_000);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ImageDecoder decoder = new ImageDecoder(LIMITS);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "odd__jpeg_named.png",
                "jpeg-odd__progressive-adobe-sof-bands-dont-match-sos-band-count.jpg",
                "plain__hopper.gif",
                "plain__hopper.bmp",
                "plain__hopper.webp",
                "png__basn4a16.png",
                "png__ibasn3p08.png",
                "bmp__pal8rle.bmp",
                "tiff__16bit.cropped.tif"
            })
    void givesAllOfAnImageOrNoneOfItWhereverItIsCut(String name) throws Exception {
        byte[] file = SharedFiles.nasty(name);
        byte[] whole = decoder.decode(file, pixels -> pixels).rgb();
        for (int length = 0; length < file.length; length += 1 + length / 200) {
            byte[] cut = Arrays.copyOf(file, length);
            try {
                assertThat(decoder.decode(cut, pixels -> pixels).rgb())
                        .as("cut to %d bytes", length)
                        .isEqualTo(whole);
            } catch (UndecodableImageException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "odd__jpeg_named.png",
                "exif__hopper_orientation_6.jpg",
                "jpeg-odd__progressive-adobe-sof-bands-dont-match-sos-band-count.jpg",
                "cmyk__pil_sample_cmyk.jpg",
                "plain__hopper.gif",
                "anim__dispose_bgnd.gif",
                "plain__hopper.webp",
                "exif__hopper_orientation_8.webp",
                "png__basn6a16.png",
                "png__ibasn3p08.png",
                "bmp__pal8rle.bmp",
                "bmp__rgba32.bmp",
                "tiff__16bit.cropped.tif"
            })
    void endsOrderlyWhateverBytesAreChanged(String name) {
        byte[] file = SharedFiles.nasty(name);
        Random random = new Random(20260101);
        assertTimeoutPreemptively(TIMEOUT, () -> {
            for (int round = 0; round < 300; round++) {
                byte[] damaged = file.clone();
                int changes = 1 + random.nextInt(8);
                for (int i = 0; i < changes; i++) {
                    int range = random.nextBoolean() ? damaged.length : Math.min(damaged.length, 200);
                    damaged[random.nextInt(range)] = (byte) random.nextInt();
                }
                try {
                    assertThat(decoder.decode(damaged, pixels -> pixels).rgb()).isNotEmpty();
                } catch (UndecodableImageException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        });
    }
}
