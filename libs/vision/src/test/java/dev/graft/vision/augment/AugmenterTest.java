package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Interpolation;
import dev.graft.vision.Preprocessing;
import dev.graft.vision.Preprocessor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmenterTest {
    private static final int SIZE = 48;
    private static final List<String> NAMES = List.of("jpeg-420.jpg", "png-rgba.png", "webp-lossy-40.webp");

    private final Preprocessor preprocessor = new Preprocessor(
            new Preprocessing(
                    SIZE, 0.875, Interpolation.BICUBIC, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)),
            DecodeLimits.STANDARD);

    private Augmenter augmenter(String specification) {
        return new Augmenter(preprocessor, Augmentation.parse(specification));
    }

    /// Three images in forty epochs, in another order in each of several threads.
    @Test
    void givesTheSamePixelsInAnyOrderAndAnyNumberOfThreads() throws Exception {
        Augmenter augmenter = augmenter("classic");
        List<Showing> showings = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            showings.add(new Showing(5, i / 3, NAMES.get(i % 3)));
        }
        Map<Showing, byte[]> expected = new ConcurrentHashMap<>();
        for (Showing showing : showings) {
            expected.put(showing, augmenter.read(image(showing.imageId()), showing));
        }

        for (int threads : new int[] {1, 2, 7}) {
            Collections.shuffle(showings, new Random(threads));
            try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
                List<Future<byte[]>> varied = showings.stream()
                        .map(showing -> pool.submit(() -> augmenter.read(image(showing.imageId()), showing)))
                        .toList();
                for (int i = 0; i < varied.size(); i++) {
                    assertThat(varied.get(i).get()).isEqualTo(expected.get(showings.get(i)));
                }
            }
        }
        assertThat(expected.values().stream().map(AugmenterTest::checksum)).doesNotHaveDuplicates();
    }

    /// Never edit them: they are what lets old trainings be repeated.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "classic|95ce7024",
                "rotation=45,zoom=0.5..2,fill=reflect,horizontal-flip|e9f55940",
                "erase=0.25,saturation=0..2|ad1ccae3",
            })
    void givesThePixelsThatItAlwaysGave(String specification, String expected) throws Exception {
        byte[] varied = augmenter(specification).read(image("jpeg-420.jpg"), new Showing(7, 6, "jpeg-420.jpg"));

        assertThat(checksum(varied)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "mixup=1", "zoom=1..1"})
    void leavesImagesThatAreNotVaried(String specification) throws Exception {
        byte[] varied = augmenter(specification).read(image("jpeg-420.jpg"), new Showing(1, 1, "x"));

        assertThat(varied).isEqualTo(preprocessor.read(image("jpeg-420.jpg")));
    }

    @Test
    void doesNotChangeWhatItIsGiven() throws Exception {
        byte[] prepared = preprocessor.read(image("jpeg-420.jpg"));
        byte[] before = prepared.clone();
        for (String specification : List.of("none", "brightness=0.5", "erase=1", "horizontal-flip", "classic")) {
            for (long epoch = 0; epoch < 4; epoch++) {
                byte[] varied = augmenter(specification).vary(prepared, new Showing(1, epoch, "x"));
                varied[0]++;
            }
        }

        assertThat(prepared).isEqualTo(before);
    }

    @Test
    void variesPreparedImagesAsFiles() throws Exception {
        Augmenter augmenter = augmenter("rotation=30,contrast=0.5,erase=1");
        Showing showing = new Showing(3, 1, "x");

        assertThat(augmenter.vary(preprocessor.read(image("jpeg-420.jpg")), showing))
                .isEqualTo(augmenter.read(image("jpeg-420.jpg"), showing));
    }

    /// 0.485, 0.456, 0.406 of 255.
    @Test
    void coversWithTheMeanColour() throws Exception {
        byte[] varied = augmenter("erase=1").vary(new byte[SIZE * SIZE * 3], new Showing(1, 1, "x"));

        int covered = 0;
        for (int i = 0; i < varied.length; i += 3) {
            if (varied[i] != 0) {
                covered++;
                assertThat(new int[] {varied[i], varied[i + 1], varied[i + 2]}).containsExactly(124, 116, 104);
            }
        }
        assertThat(covered).isBetween(SIZE * SIZE / 60, SIZE * SIZE / 2);
    }

    @Test
    void refusesImagesOfAnotherSize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> augmenter("light").vary(new byte[12], new Showing(1, 1, "x")))
                .withMessageContaining("12");
    }

    private static String checksum(byte[] bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        return "%08x".formatted(checksum.getValue());
    }

    private static byte[] image(String name) {
        try (InputStream resource = AugmenterTest.class.getResourceAsStream("/pictures/" + name)) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
