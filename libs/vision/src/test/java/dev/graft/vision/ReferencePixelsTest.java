package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Compares with the pixels that Pillow and timm's evaluation transform give.
class ReferencePixelsTest {
    private static final Pattern NAME = Pattern.compile("(.+)\\.(\\d+)-(\\w+)-([\\d.]+)\\.png");

    @TestFactory
    Stream<DynamicTest> givesThePixelsOfTheReference() {
        Map<String, Path> images = new HashMap<>(SharedFiles.filesByName("datasets"));
        images.putAll(SharedFiles.filesByName("nasty"));
        return SharedFiles.files("reference/pixels").stream()
                .map(file ->
                        DynamicTest.dynamicTest(file.getFileName().toString(), () -> givesThePixelsOf(file, images)));
    }

    private static void givesThePixelsOf(Path reference, Map<String, Path> images) throws Exception {
        Matcher name = NAME.matcher(reference.getFileName().toString());
        assertThat(name.matches()).isTrue();
        Path image = images.get(name.group(1));
        assertThat(image).as("source of the reference").isNotNull();
        Preprocessor preprocessor = new Preprocessor(
                new Preprocessing(
                        Integer.parseInt(name.group(2)),
                        Double.parseDouble(name.group(4)),
                        Interpolation.valueOf(name.group(3).toUpperCase(Locale.ROOT)),
                        List.of(0.5, 0.5, 0.5),
                        List.of(0.5, 0.5, 0.5)),
                DecodeLimits.STANDARD);
        byte[] file = SharedFiles.read(image);

        byte[] expected = new ImageDecoder(DecodeLimits.STANDARD).decode(SharedFiles.read(reference), Pixels::rgb);

        byte[] decodedFirst =
                preprocessor.resize(new ImageDecoder(DecodeLimits.STANDARD).decode(file, pixels -> pixels));

        assertThat(Arrays.mismatch(preprocessor.read(file), expected))
                .as("of the file")
                .isNegative();
        assertThat(Arrays.mismatch(decodedFirst, expected)).as("of the pixels").isNegative();
    }
}
