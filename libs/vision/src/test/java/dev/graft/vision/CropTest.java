package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A part of an image is resized as if it were an image of its own.
class CropTest {
    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

    @TestFactory
    Stream<DynamicTest> givesThePixelsOfPillow() {
        return new String(resource("/augmented-expected.tsv"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(":"))
                .filter(line -> !line.startsWith("#"))
                .map(line -> DynamicTest.dynamicTest(line, () -> check(line.split("\t"))));
    }

    private static void check(String[] fields) throws Exception {
        List<Integer> box =
                Stream.of(fields[0].split(":")).map(Integer::valueOf).toList();
        String[] recipe = fields[1].split("-");
        Preprocessor preprocessor = preprocessor(Integer.parseInt(recipe[0]), recipe[1]);
        byte[] prepared = new byte[preprocessor.sizeBytes()];

        preprocessor.read(
                resource("/pictures/jpeg-420.jpg"),
                (width, height) -> new Region(box.get(0), box.get(1), box.get(2), box.get(3)),
                prepared,
                0);

        CRC32 checksum = new CRC32();
        checksum.update(prepared);
        assertThat("%08x".formatted(checksum.getValue())).isEqualTo(fields[2]);
    }

    /// Whatever the format and the orientation, of which only the needed part may be decoded.
    @Test
    void givesThePixelsOfTheCroppedImage() throws Exception {
        Random random = new Random(3);
        Preprocessor preprocessor = preprocessor(31, "bicubic");
        List<byte[]> files = List.of(
                resource("/pictures/jpeg-444-progressive.jpg"),
                resource("/pictures/png-rgba.png"),
                resource("/pictures/webp-lossy-40.webp"),
                resource("/pictures/gif-interlaced.gif"),
                resource("/pictures/jpeg-orientation-6.jpg"),
                resource("/pictures/orientation-6.webp"));
        for (byte[] file : files) {
            Pixels whole = new ImageDecoder(DecodeLimits.STANDARD).decode(file, pixels -> pixels);
            for (int i = 0; i < 20; i++) {
                int left = random.nextInt(whole.widthPixels());
                int top = random.nextInt(whole.heightPixels());
                Region box = new Region(
                        left,
                        top,
                        1 + random.nextInt(whole.widthPixels() - left),
                        1 + random.nextInt(whole.heightPixels() - top));
                byte[] prepared = new byte[preprocessor.sizeBytes() + 7];

                preprocessor.read(file, (_, _) -> box, prepared, 7);

                byte[] expected = new byte[preprocessor.sizeBytes()];
                Resampler.resample(
                        new Patch(0, 0, cropped(whole, box)),
                        Axis.of(Interpolation.BICUBIC, box.width(), 31, 0, 31),
                        Axis.of(Interpolation.BICUBIC, box.height(), 31, 0, 31),
                        expected,
                        0);
                assertThat(prepared).endsWith(expected).startsWith(new byte[7]);
            }
        }
    }

    @Test
    void isAskedForWithTheUprightSize() throws Exception {
        Preprocessor preprocessor = preprocessor(8, "bilinear");
        byte[] file = resource("/pictures/jpeg-orientation-6.jpg");
        ImageHeader header = new ImageDecoder(DecodeLimits.STANDARD).inspect(file);

        preprocessor.read(
                file,
                (width, height) -> {
                    assertThat(width).isEqualTo(header.widthPixels());
                    assertThat(height).isEqualTo(header.heightPixels());
                    return new Region(0, 0, width, height);
                },
                new byte[preprocessor.sizeBytes()],
                0);
    }

    @Test
    void isRefusedOutsideOfTheImage() {
        byte[] file = resource("/pictures/jpeg-420.jpg");
        Preprocessor preprocessor = preprocessor(8, "bilinear");
        for (Region wrong : List.of(
                new Region(0, 0, 38, 29),
                new Region(-1, 0, 5, 5),
                new Region(0, 25, 5, 5),
                new Region(0, 0, 0, 5),
                new Region(0, 0, 5, -5),
                new Region(1, 1, Integer.MAX_VALUE, Integer.MAX_VALUE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> preprocessor.read(file, (_, _) -> wrong, new byte[preprocessor.sizeBytes()], 0))
                    .withMessageContaining(wrong.toString());
        }
    }

    private static Preprocessor preprocessor(int size, String interpolation) {
        return new Preprocessor(
                new Preprocessing(
                        size, 0.875, Interpolation.valueOf(interpolation.toUpperCase(Locale.ROOT)), HALF, HALF),
                DecodeLimits.STANDARD);
    }

    private static Pixels cropped(Pixels whole, Region box) {
        byte[] rgb = new byte[box.width() * box.height() * 3];
        for (int y = 0; y < box.height(); y++) {
            int from = ((box.top() + y) * whole.widthPixels() + box.left()) * 3;
            System.arraycopy(whole.rgb(), from, rgb, y * box.width() * 3, box.width() * 3);
        }
        return new Pixels(box.width(), box.height(), rgb);
    }

    private static byte[] resource(String name) {
        try (InputStream resource = CropTest.class.getResourceAsStream(name)) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
