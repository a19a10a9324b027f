package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Compares prepared pictures with those that Pillow makes, by what lies beside the tests alone (see
/// `src/test/python/expect_resized.py`). [ReferencePixelsTest] does the same for photographs outside of the tree.
class ResizedImagesTest {
    @TestFactory
    Stream<DynamicTest> givesThePixelsOfPillow() {
        return new String(resource("/resized-expected.tsv"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> DynamicTest.dynamicTest(line, () -> check(line.split("\t"))));
    }

    private static void check(String[] fields) throws Exception {
        List<Double> half = List.of(0.5, 0.5, 0.5);
        Preprocessing preprocessing = new Preprocessing(
                Integer.parseInt(fields[1]),
                Double.parseDouble(fields[2]),
                Interpolation.valueOf(fields[3].toUpperCase(Locale.ROOT)),
                half,
                half);
        byte[] file = resource("/" + fields[0]);

        byte[] prepared = new Preprocessor(preprocessing, DecodeLimits.STANDARD).read(file);

        CRC32 checksum = new CRC32();
        checksum.update(prepared);
        assertThat("%08x".formatted(checksum.getValue())).isEqualTo(fields[4]);
    }

    private static byte[] resource(String name) {
        try (InputStream resource = ResizedImagesTest.class.getResourceAsStream(name)) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
