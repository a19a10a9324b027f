package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares the pixels of images in the tree with those of Pillow 13.0 and timm's evaluation transform, to the last
/// bit: orientation applied, converted to RGB, resized, centre crop. The digests are those of the bytes of all pixels.
/// The program that made them gives the PNG files of [ReferencePixelsTest], too.
class TreePixelsTest {
    private static final Path TREE = Path.of("..", "..");
    private static final Path EXPECTED = Path.of("src/test/resources/dev/graft/vision/reference-pixels.tsv");
    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

    @ParameterizedTest
    @MethodSource("references")
    void areThoseOfPillow(String line) throws Exception {
        String[] columns = line.split("\t");
        Preprocessing recipe = new Preprocessing(
                Integer.parseInt(columns[1]),
                Double.parseDouble(columns[3]),
                Interpolation.named(columns[2]),
                HALF,
                HALF);
        byte[] pixels =
                new Preprocessor(recipe, DecodeLimits.STANDARD).read(Files.readAllBytes(TREE.resolve(columns[0])));

        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pixels)))
                .isEqualTo(columns[4]);
    }

    static List<String> references() throws IOException {
        List<String> lines = Files.readAllLines(EXPECTED);
        assertThat(lines).hasSizeGreaterThan(20);
        return lines;
    }
}
