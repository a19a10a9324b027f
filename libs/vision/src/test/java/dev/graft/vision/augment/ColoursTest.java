package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.vision.DecodeLimits;
import dev.graft.vision.ImageDecoder;
import dev.graft.vision.Pixels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Compares with the pixels that Pillow gives (see `src/test/python/expect_augmented.py`).
class ColoursTest {
    @TestFactory
    Stream<DynamicTest> giveThePixelsOfPillow() {
        return new String(resource("/augmented-expected.tsv"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#") && !line.contains(":"))
                .map(line -> DynamicTest.dynamicTest(line, () -> check(line.split("\t"))));
    }

    private static void check(String[] fields) throws Exception {
        byte[] rgb = new ImageDecoder(DecodeLimits.STANDARD).decode(resource("/pictures/jpeg-420.jpg"), Pixels::rgb);
        double factor = Double.parseDouble(fields[1]);

        switch (fields[0]) {
            case "brightness" -> Colours.brighten(rgb, factor);
            case "contrast" -> Colours.contrast(rgb, factor);
            case "saturation" -> Colours.saturate(rgb, factor);
            default -> throw new AssertionError(fields[0]);
        }

        CRC32 checksum = new CRC32();
        checksum.update(rgb);
        assertThat("%08x".formatted(checksum.getValue())).isEqualTo(fields[2]);
    }

    @Test
    void stayAsTheyAreWithAFactorOfOne() {
        byte[] rgb = {0, 1, 2, (byte) 255, (byte) 254, 3};
        byte[] before = rgb.clone();

        Colours.brighten(rgb, 1);
        Colours.contrast(rgb, 1);
        Colours.saturate(rgb, 1);

        assertThat(rgb).isEqualTo(before);
    }

    private static byte[] resource(String name) {
        try (InputStream resource = ColoursTest.class.getResourceAsStream(name)) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
