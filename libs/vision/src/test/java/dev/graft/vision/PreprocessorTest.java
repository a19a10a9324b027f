package dev.graft.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PreprocessorTest {
    private static final Preprocessing IMAGENET = new Preprocessing(
            224, 0.875, Interpolation.BICUBIC, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    private final Preprocessor preprocessor = new Preprocessor(IMAGENET, DecodeLimits.STANDARD);

    @Test
    void normalisesToPlanesInFloat32() {
        Preprocessor tiny = new Preprocessor(IMAGENET.withInputSizePixels(2), DecodeLimits.STANDARD);
        byte[] prepared = {(byte) 255, 0, 1, 0, (byte) 255, 2, 10, 20, 30, 40, 50, 60};
        FloatBuffer target = FloatBuffer.allocate(14);
        target.put(7f);

        tiny.normalise(prepared, 0, target);

        assertThat(target.position()).isEqualTo(13);
        assertThat(target.get(0)).isEqualTo(7f);
        assertThat(target.get(1)).isEqualTo((1f - 0.485f) / 0.229f);
        assertThat(target.get(2)).isEqualTo(-0.485f / 0.229f);
        assertThat(target.get(3)).isEqualTo((10 / 255f - 0.485f) / 0.229f);
        assertThat(target.get(6)).isEqualTo((1f - 0.456f) / 0.224f);
        assertThat(target.get(9)).isEqualTo((1 / 255f - 0.406f) / 0.225f);
        assertThat(target.get(12)).isEqualTo((60 / 255f - 0.406f) / 0.225f);
    }

    @Test
    void normalisesIntoAnArrayAtItsOffset() {
        Preprocessor tiny = new Preprocessor(IMAGENET.withInputSizePixels(1), DecodeLimits.STANDARD);
        float[] target = new float[5];

        tiny.normalise(new byte[] {9, 0, 0, 0}, 1, target, 2);

        assertThat(target).containsExactly(0, 0, -0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f);
    }

    @Test
    void leavesAnImageOfTheRightSizeAsItIs() {
        Preprocessor whole = new Preprocessor(
                new Preprocessing(2, 1, Interpolation.BICUBIC, IMAGENET.mean(), IMAGENET.std()), DecodeLimits.STANDARD);
        byte[] rgb = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, (byte) 200};

        assertThat(whole.resize(new Pixels(2, 2, rgb))).isEqualTo(rgb);
    }

    @Test
    void preparesTheMiddleOfVeryLongImagesWithoutMakingThemLarger() throws Exception {
        assertThat(preprocessor.read(SharedFiles.nasty("odd__1x2000.jpg"))).hasSize(224 * 224 * 3);
        assertThat(preprocessor.read(SharedFiles.nasty("odd__10000x3.jpg"))).hasSize(224 * 224 * 3);
    }

    @Test
    void givesTheSamePixelsInManyThreads() throws Exception {
        List<byte[]> files = List.of(
                SharedFiles.nasty("plain__flower.jpg"),
                SharedFiles.nasty("png__ibasn3p08.png"),
                SharedFiles.nasty("plain__hopper.gif"),
                SharedFiles.nasty("webp__1.webp"),
                SharedFiles.nasty("tiff__16bit.cropped.tif"),
                SharedFiles.nasty("bmp__pal8rle.bmp"));
        List<byte[]> expected = new ArrayList<>();
        for (byte[] file : files) {
            expected.add(preprocessor.read(file));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> results = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                byte[] file = files.get(i % files.size());
                results.add(threads.submit(() -> preprocessor.read(file)));
            }
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(expected.get(i % files.size()));
            }
        }
    }
}
