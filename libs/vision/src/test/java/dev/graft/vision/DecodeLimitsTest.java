package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.graft.vision.UndecodableImageException.Reason;
import org.junit.jupiter.api.Test;

class DecodeLimitsTest {
    @Test
    void allowTwentyMebibytesAHundredMegapixelsTwentyThousandASide() {
        assertThat(DecodeLimits.STANDARD).isEqualTo(new DecodeLimits(20_971_520, 100_000_000, 20_000));
    }

    @Test
    void refusesAFileWithTooManyBytesUnread() {
        byte[] file = new byte[DecodeLimits.STANDARD.maxFileSizeBytes() > Integer.MAX_VALUE ? 1 : 20_971_521];

        assertThat(reason(file, DecodeLimits.STANDARD)).isEqualTo(Reason.TOO_MANY_BYTES);
    }

    @Test
    void refusesImagesBeyondTheLimitsByTheirHeader() {
        byte[] flower = SharedFiles.nasty("plain__flower.jpg");

        assertThat(reason(flower, new DecodeLimits(32_763, 480 * 360, 480))).isEqualTo(Reason.TOO_MANY_BYTES);
        assertThat(reason(flower, new DecodeLimits(32_764, 480 * 360 - 1, 480))).isEqualTo(Reason.TOO_MANY_PIXELS);
        assertThat(reason(flower, new DecodeLimits(32_764, 480 * 360, 479))).isEqualTo(Reason.TOO_MANY_PIXELS);
    }

    @Test
    void acceptsImagesAtTheLimits() throws Exception {
        byte[] flower = SharedFiles.nasty("plain__flower.jpg");

        assertThat(new ImageDecoder(new DecodeLimits(32_764, 480 * 360, 480)).inspect(flower))
                .isEqualTo(new ImageHeader(ImageFormat.JPEG, 480, 360));
    }

    @Test
    void refusesBoundsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DecodeLimits(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DecodeLimits(1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DecodeLimits(1, 1, 0));
    }

    @Test
    void canBeLoweredOnlySoThatEveryServiceDecodesWhatOneTakesIn() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DecodeLimits(20_971_521, 100_000_000, 20_000));
        assertThatIllegalArgumentException().isThrownBy(() -> new DecodeLimits(20_971_520, 100_000_001, 20_000));
        assertThatIllegalArgumentException().isThrownBy(() -> new DecodeLimits(20_971_520, 100_000_000, 20_001));
    }

    private static Reason reason(byte[] file, DecodeLimits limits) {
        var thrown = assertThatExceptionOfType(UndecodableImageException.class)
                .isThrownBy(() -> new ImageDecoder(limits).decode(file, pixels -> pixels))
                .actual();
        return thrown.reason();
    }
}
