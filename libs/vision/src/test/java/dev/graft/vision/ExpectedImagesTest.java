package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Expects of every picture what a table says: a size and the CRC-32 of its pixels, or a reason.
class ExpectedImagesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TestFactory
    Stream<DynamicTest> acceptsOrRefusesNastyImagesAsExpected() {
        return expectations("/nasty-expected.tsv").entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> assertThat(outcome(SharedFiles.nasty(entry.getKey())))
                                .isEqualTo(entry.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> givesThePixelsOfPillow() {
        return expectations("/pictures-expected.tsv").entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> assertThat(outcome(resource("/pictures/" + entry.getKey())))
                                .isEqualTo(entry.getValue())));
    }

    @Test
    void expectsSomethingOfEveryNastyImage() {
        assertThat(SharedFiles.files("nasty").stream()
                        .map(Path::getFileName)
                        .map(Path::toString)
                        .filter(name -> !name.equals("MANIFEST.tsv")))
                .containsExactlyInAnyOrderElementsOf(
                        expectations("/nasty-expected.tsv").keySet());
    }

    /// Decodes a file, and checks that verifying it comes to the same.
    private static String outcome(byte[] file) {
        ImageDecoder decoder = new ImageDecoder(DecodeLimits.STANDARD);
        return assertTimeoutPreemptively(TIMEOUT, () -> {
            try {
                Pixels pixels = decoder.decode(file, decoded -> decoded);
                ImageHeader header = decoder.verify(file);
                assertThat(header.widthPixels()).isEqualTo(pixels.widthPixels());
                assertThat(header.heightPixels()).isEqualTo(pixels.heightPixels());
                CRC32 checksum = new CRC32();
                checksum.update(pixels.rgb());
                return "%dx%d %08x".formatted(pixels.widthPixels(), pixels.heightPixels(), checksum.getValue());
            } catch (UndecodableImageException e) {
                assertThatExceptionOfType(UndecodableImageException.class)
                        .isThrownBy(() -> decoder.verify(file))
                        .withMessage(e.getMessage());
                assertThat(e.getMessage()).endsWith(".").hasSizeBetween(40, 250);
                return e.reason().name();
            }
        });
    }

    private static Map<String, String> expectations(String table) {
        Map<String, String> expectations = new TreeMap<>();
        new String(resource(table), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t"))
                .forEach(fields -> expectations.put(fields[0], fields[1]));
        return expectations;
    }

    private static byte[] resource(String name) {
        try (InputStream resource = ExpectedImagesTest.class.getResourceAsStream(name)) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
