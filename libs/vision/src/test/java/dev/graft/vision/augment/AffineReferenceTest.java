package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.ImageDecoder;
import dev.graft.vision.Pixels;
import dev.graft.vision.SharedFiles;
import dev.graft.vision.UndecodableImageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Compares with the pixels that Keras' arithmetic, done by SciPy, gives. Some of the images lie beside the
/// tests, the others outside of the tree.
class AffineReferenceTest {
    @TestFactory
    Stream<DynamicTest> movesPixelsAsTheReferenceDoes() {
        return cases().map(one -> DynamicTest.dynamicTest(name(one), () -> {
            Pixels source = image(name(one) + ".in.png");
            double[] matrix = affine(one).matrix(source.widthPixels(), source.heightPixels());

            byte[] moved = AffineResampler.resample(
                    source.rgb(),
                    source.widthPixels(),
                    source.heightPixels(),
                    matrix,
                    Fill.named(one.path("fill").asText()).orElseThrow(),
                    one.path("value").asInt(),
                    new Mirror(
                            one.path("horizontalFlip").asBoolean(),
                            one.path("verticalFlip").asBoolean()));

            // Equal, not near: it is the same arithmetic in the same order.
            assertThat(moved).isEqualTo(image(name(one) + ".out.png").rgb());
        }));
    }

    @TestFactory
    Stream<DynamicTest> computesTheMatrixOfTheReference() {
        return cases().map(one -> DynamicTest.dynamicTest(name(one), () -> {
            Pixels source = image(name(one) + ".in.png");

            double[] matrix = affine(one).matrix(source.widthPixels(), source.heightPixels());

            assertThat(matrix).hasSize(6);
            for (int i = 0; i < matrix.length; i++) {
                // Sums of four products below 300, each good to 2⁻⁵³ of itself, of sines good to the last bit.
                assertThat(matrix[i]).isCloseTo(one.path("matrix").get(i).asDouble(), within(1e-12));
            }
        }));
    }

    @Test
    void hasACaseOfEachFill() {
        assertThat(cases().map(one -> one.path("fill").asText()).distinct())
                .containsExactlyInAnyOrder("nearest", "reflect", "constant");
    }

    private static Stream<JsonNode> cases() {
        try (InputStream file = AffineReferenceTest.class.getResourceAsStream("/augment/cases.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(file).spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(JsonNode one) {
        return one.path("case").asText();
    }

    private static Affine affine(JsonNode one) {
        return new Affine(
                one.path("rotationDegrees").asDouble(),
                one.path("shiftColumns").asDouble(),
                one.path("shiftRows").asDouble(),
                one.path("shearDegrees").asDouble(),
                one.path("zoomColumns").asDouble(),
                one.path("zoomRows").asDouble());
    }

    private static Pixels image(String name) throws IOException, UndecodableImageException {
        try (InputStream resource = AffineReferenceTest.class.getResourceAsStream("/augment/" + name)) {
            byte[] file = resource == null
                    ? SharedFiles.read(SharedFiles.folder("reference/augment").resolve(name))
                    : resource.readAllBytes();
            return new ImageDecoder(DecodeLimits.STANDARD).decode(file, pixels -> pixels);
        }
    }
}
