package dev.graft.trainer.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.testkit.Png;
import dev.graft.trainer.head.ClassWeights;
import dev.graft.trainer.head.HeldOut;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Interpolation;
import dev.graft.vision.Preprocessing;
import dev.graft.vision.Preprocessor;
import dev.graft.vision.UndecodableImageException;
import dev.graft.vision.augment.Augmentation;
import dev.graft.vision.augment.Augmenter;
import dev.graft.vision.augment.Mixing;
import dev.graft.vision.augment.Showing;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows where nothing is frozen, which are the images themselves.
class VariedRowsTest {
    private static final int IMAGES = 40;
    private static final int SIZE_PIXELS = 8;
    private static final int FLOATS = 3 * SIZE_PIXELS * SIZE_PIXELS;
    private static final long SEED = 5;
    private static final String TURNED = "rotation=40,horizontal-flip";
    private static final Preprocessing RECIPE =
            new Preprocessing(SIZE_PIXELS, 1, Interpolation.BILINEAR, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));

    @TempDir
    Path directory;

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final List<byte[]> files = new ArrayList<>();
    private final Safetensors weights = Safetensors.of(
            SafetensorsWriter.toBytes(Map.of(), Map.of("unused", FloatTensor.of(Shape.of(1), new float[1]))));
    private TuningSet set;
    private HeldOut heldOut;
    private FrozenPart frozen;

    @BeforeEach
    void storeImages() {
        List<String> imageIds = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            byte[] file = png(i);
            files.add(file);
            imageIds.add(Sha256.of(file));
            store.put(ObjectKeys.image(Sha256.of(file)), ObjectContent.of(file, "image/png"));
        }
        int[] labels = IntStream.range(0, IMAGES).map(i -> i % 2).toArray();
        set = new TuningSet(imageIds, labels, 2, new int[0], new ClassWeights.Equal(), SEED);
        heldOut = HeldOut.of(imageIds, labels, 2, new int[0], SEED, new ClassWeights.Equal());
        ScratchFolder scratch = new ScratchFolder(directory.resolve("graft-scratch-rows"));
        frozen = new FrozenPart(Optional.empty(), weights, EngineChoice.AUTO, scratch, 2, 1L << 20);
    }

    @AfterEach
    void closeWeights() {
        weights.close();
    }

    @Test
    void eachEpochShowsItsOwnVariantOfWhatIsLearnedFrom() throws Exception {
        try (VariedRows rows = rows(TURNED, null)) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                rows.show(epoch, steps());
                assertThat(learned(rows)).isEqualTo(variant(TURNED, epoch));
            }
        }
        assertThat(scratchFiles()).isZero();
    }

    @Test
    void epochsSeeAFiniteNumberOfVariantsInTurn() throws Exception {
        try (VariedRows rows = rows(TURNED, 2)) {
            for (int epoch = 1; epoch <= 5; epoch++) {
                rows.show(epoch, steps());
                assertThat(learned(rows)).isEqualTo(variant(TURNED, epoch % 2 == 1 ? 1 : 2));
            }
            // A file of those held out, and one of each variant.
            assertThat(scratchFiles()).isEqualTo(3);
        }
        assertThat(scratchFiles()).isZero();
    }

    @Test
    void whatIsKeptDoesNotGrowWithEpochs() throws Exception {
        try (VariedRows rows = rows(TURNED, null)) {
            for (int epoch = 1; epoch <= 4; epoch++) {
                rows.show(epoch, steps());
                assertThat(scratchFiles()).isEqualTo(2);
            }
        }
    }

    /// The object store has no images any more when the second epoch would read them.
    @Test
    void aVariantThatIsKeptIsNotComputedAgain() throws Exception {
        try (VariedRows rows = rows(TURNED, 1)) {
            rows.show(1, steps());
            float[] first = learned(rows);
            set.imageIds().forEach(imageId -> store.delete(ObjectKeys.image(imageId)));
            rows.show(2, steps());
            assertThat(learned(rows)).isEqualTo(first);
        }
    }

    @Test
    void imagesHeldOutAreNotVaried() throws Exception {
        StoredImages images = new StoredImages(store, RECIPE);
        TuningProgress progress = new TuningProgress(IMAGES, settings(null, null), 0, _ -> {});
        try (VariedRows rows = rows(TURNED, null);
                TrainingRows plain = PlainRows.of(frozen, images, set, progress)) {
            float[] expected = read(heldOut.rows(), plain::heldOut);
            for (int epoch = 1; epoch <= 2; epoch++) {
                rows.show(epoch, steps());
                assertThat(read(heldOut.rows(), rows::heldOut)).isEqualTo(expected);
            }
        }
    }

    /// Batches of the frozen part are others than those of the steps, which have an odd number of images here.
    @Test
    void mixesTheImagesOfAStepAsIfTheyWereOneBatch() throws Exception {
        String mixed = "horizontal-flip,mixup=0.4,cutmix=1";
        try (VariedRows rows = rows(mixed, null)) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                List<int[]> steps = steps();
                rows.show(epoch, steps);
                for (int step = 0; step < steps.size(); step++) {
                    int[] images = steps.get(step);
                    FloatBuffer batch = FloatBuffer.allocate(images.length * FLOATS);
                    for (int image : images) {
                        batch.put(varied(mixed, epoch, image));
                    }
                    Mixing mixing = Mixing.of(Augmentation.parse(mixed), SEED, epoch, step, SIZE_PIXELS, SIZE_PIXELS)
                            .orElseThrow();
                    mixing.mixImages(batch.flip(), images.length, 3, SIZE_PIXELS, SIZE_PIXELS);
                    assertThat(rows.mixing(epoch, step)).contains(mixing);
                    assertThat(read(images, rows::learned)).isEqualTo(halved(batch.array()));
                }
            }
        }
    }

    private VariedRows rows(String augment, @Nullable Integer variants) {
        FineTuneSettings settings = settings(augment, variants);
        return new VariedRows(
                frozen,
                new StoredImages(store, RECIPE),
                set,
                heldOut,
                settings,
                new TuningProgress(IMAGES, settings, 0, _ -> {}));
    }

    private static FineTuneSettings settings(@Nullable String augment, @Nullable Integer variants) {
        return new FineTuneSettings(
                List.of("all"),
                false,
                "sgd",
                9,
                5,
                1e-3,
                1,
                "constant",
                0,
                0,
                0,
                0,
                0,
                null,
                9,
                false,
                augment,
                variants);
    }

    /// The images learned from, from the last to the first, in steps of five; the last has one.
    private List<int[]> steps() {
        int[] images = heldOut.learned();
        int[] reversed = IntStream.range(0, images.length)
                .map(i -> images[images.length - 1 - i])
                .toArray();
        assertThat(reversed.length % 5).isEqualTo(1);
        return IntStream.range(0, Math.ceilDiv(reversed.length, 5))
                .mapToObj(i -> Arrays.copyOfRange(reversed, 5 * i, Math.min(reversed.length, 5 * i + 5)))
                .toList();
    }

    private float[] learned(VariedRows rows) {
        return read(heldOut.learned(), rows::learned);
    }

    private interface Reading {
        void read(int[] images, FloatBuffer target);
    }

    private static float[] read(int[] images, Reading reading) {
        FloatBuffer target = ByteBuffer.allocateDirect(images.length * FLOATS * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        reading.read(images, target);
        float[] numbers = new float[target.remaining()];
        target.get(numbers);
        return numbers;
    }

    private float[] variant(String augment, int number) throws UndecodableImageException {
        FloatBuffer all = FloatBuffer.allocate(heldOut.learned().length * FLOATS);
        for (int image : heldOut.learned()) {
            all.put(varied(augment, number, image));
        }
        return halved(all.array());
    }

    private float[] varied(String augment, int number, int image) throws UndecodableImageException {
        Preprocessor preprocessor = new Preprocessor(RECIPE, DecodeLimits.STANDARD);
        Showing showing = new Showing(SEED, number, set.imageIds().get(image));
        byte[] pixels = new Augmenter(preprocessor, Augmentation.parse(augment)).read(files.get(image), showing);
        float[] normalised = new float[FLOATS];
        preprocessor.normalise(pixels, 0, normalised, 0);
        return normalised;
    }

    /// Rounds to half precision.
    private static float[] halved(float[] numbers) {
        float[] halved = new float[numbers.length];
        for (int i = 0; i < halved.length; i++) {
            halved[i] = Float.float16ToFloat(Float.floatToFloat16(numbers[i]));
        }
        return halved;
    }

    private long scratchFiles() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(".rows")).count();
        }
    }

    private static byte[] png(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BufferedImage image = new BufferedImage(12, 10, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 10; y++) {
            for (int x = 0; x < 12; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return Png.of(image);
    }
}
