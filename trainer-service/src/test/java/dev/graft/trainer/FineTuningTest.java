package dev.graft.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Precision;
import dev.graft.contracts.Sha256;
import dev.graft.networks.inference.PassMemory;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.pytorch.training.DivergedException;
import dev.graft.testkit.TestedDevice;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.FineTuned;
import dev.graft.trainer.finetune.FineTuning;
import dev.graft.trainer.finetune.FineTuning.Continuation;
import dev.graft.trainer.finetune.TunablePart;
import dev.graft.trainer.finetune.TuningMemory;
import dev.graft.trainer.finetune.TuningSet;
import dev.graft.trainer.finetune.UnusableImageException;
import dev.graft.trainer.head.Advance;
import dev.graft.trainer.head.ClassWeights;
import dev.graft.trainer.head.HeadLayer;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.head.TrainingListener;
import dev.graft.trainer.stage.FineTunedFile;
import dev.graft.weightstore.ChosenExtractor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Fine-tuning without a service around it, on small images of two classes.
class FineTuningTest {
    private static final EngineChoice CHOICE = EngineChoice.parse("auto", TestedDevice.written());

    /// On a CUDA device kernels add in an order of their own, so that the same training agrees to the
    /// rounding of float32 only; AdamW moves a parameter whose gradient is nearly 0 by up to the rate,
    /// 0.001, the one way or the other, in each of 24 steps.
    private static final float CUDA_TOLERANCE = 2.4e-2f;

    private static final int CLASSES = 2;
    private static final int IMAGES_OF_CLASS = 12;
    private static final int IMAGES = CLASSES * IMAGES_OF_CLASS;
    private static final int EPOCHS = 4;
    private static final FineTuneSettings PLAIN = varied(null, null);
    private static final FineTuneSettings VARIED = varied("rotation=10,horizontal-flip", null);
    private static final ChosenExtractor EXTRACTOR =
            Extractors.chosen(Backbone.WEIGHTS, new ExtractorChoice(null, null, 64, Precision.F32));

    /// A head that says nothing yet.
    private static final TrainedHead HEAD = new TrainedHead(
            List.of(new HeadLayer(1280, CLASSES, new float[1280 * CLASSES], new float[CLASSES])),
            false,
            List.of(),
            0,
            1,
            null,
            List.of(),
            0.5);

    /// What each epoch shows: the images, a variant of its own, one of two variants in turn, mixtures, and
    /// the images to a head that begins anew and does not see all of their features, and the images in
    /// mixed precision. Eleven images of each class are learned from, so that the last step of a batch of
    /// four has two.
    private static final List<FineTuneSettings> WAYS = List.of(
            PLAIN,
            VARIED,
            varied("rotation=10,horizontal-flip", 2),
            varied("mixup=0.4,cutmix=1", null),
            with(PLAIN, true, 0.5),
            with(PLAIN, false, 0, true));

    @TempDir
    Path directory;

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private TuningSet set;
    private FineTuning tuning;

    @BeforeEach
    void storeImages() {
        List<String> imageIds = new ArrayList<>();
        int[] labels = new int[CLASSES * IMAGES_OF_CLASS];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % CLASSES;
            byte[] file = DrawnImages.png(labels[i], i);
            imageIds.add(Sha256.of(file));
            store.put(ObjectKeys.image(Sha256.of(file)), ObjectContent.of(file, "image/png"));
        }
        set = new TuningSet(imageIds, labels, CLASSES, new int[0], new ClassWeights.Equal(), 7);
        tuning = new FineTuning(store, new ScratchFolder(directory.resolve("graft-scratch-test")), CHOICE, 2, 1L << 30);
    }

    @Test
    void learnsAndSaysHowFarItIs() throws IOException {
        List<Advance> heard = new ArrayList<>();
        FineTuned tuned = run(Optional.empty(), new ArrayList<>(), heard::add);
        assertThat(heard).extracting(Advance::total).containsOnly(IMAGES * 5L);
        assertThat(heard).extracting(Advance::done).isSorted().endsWith(IMAGES * 5L);
        // 22 images are learned from in steps of four; at the end of an epoch its accuracy is known.
        assertThat(heard)
                .filteredOn(now -> now.epoch() != null && now.epoch() == 2)
                .extracting(Advance::step)
                .containsExactly(1, 2, 3, 4, 5, 6, 6);
        assertThat(heard)
                .filteredOn(now -> now.accuracy() != null)
                .extracting(Advance::epoch)
                .containsExactly(1, 2, 3, 4);
        assertThat(tuned.parameters().keySet()).containsExactlyInAnyOrder("conv_head.weight", "bn2.weight", "bn2.bias");
        assertThat(tuned.head().curve()).hasSize(4);
        assertThat(tuned.head().curve().getLast().loss())
                .isLessThan(tuned.head().curve().getFirst().loss());
        assertThat(filesIn(directory)).noneMatch(name -> name.endsWith(".rows"));
    }

    @ParameterizedTest
    @FieldSource("WAYS")
    void goesOnFromEachEpochAsIfItHadNeverStopped(FineTuneSettings settings) throws IOException {
        List<byte[]> states = new ArrayList<>();
        FineTuned undisturbed = run(settings, Optional.empty(), states, _ -> {});
        assertThat(states).hasSize(EPOCHS - 1);
        for (byte[] state : states) {
            requireSame(run(settings, Optional.of(state), new ArrayList<>(), _ -> {}), undisturbed);
        }
    }

    @Test
    void comesToSomethingElseWithEveryWayOfVaryingImages() throws IOException {
        List<String> digests = new ArrayList<>();
        for (FineTuneSettings settings : WAYS) {
            digests.add(Sha256.of(bytes(run(settings, Optional.empty(), new ArrayList<>(), _ -> {}))));
        }
        assertThat(digests).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {EPOCHS, EPOCHS + 3})
    void asManyVariantsAsEpochsAreAnotherOneInEachEpoch(int variants) throws IOException {
        FineTuneSettings counted = varied(VARIED.augment(), variants);

        requireSame(
                run(counted, Optional.empty(), new ArrayList<>(), _ -> {}),
                run(VARIED, Optional.empty(), new ArrayList<>(), _ -> {}));
    }

    /// The passes through the frozen part count, each variant's once, wherever the training begins.
    @ParameterizedTest
    @FieldSource("WAYS")
    void saysHowFarItIsInPassesOfBothParts(FineTuneSettings settings) throws IOException {
        int variants = settings.augment() == null ? 1 : Objects.requireNonNullElse(settings.augmentVariants(), EPOCHS);
        List<byte[]> states = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        List<Long> done = new ArrayList<>();
        TrainingListener listener = now -> {
            done.add(now.done());
            totals.add(now.total());
        };
        FineTuned unused = run(settings, Optional.empty(), states, listener);
        assertThat(done).isSorted().endsWith((long) IMAGES * (variants + EPOCHS));
        for (byte[] state : states) {
            done.clear();
            FineTuned unusedOfRest = run(settings, Optional.of(state), new ArrayList<>(), listener);
            assertThat(done).isSorted().endsWith((long) IMAGES * (variants + EPOCHS));
        }
        assertThat(totals).containsOnly((long) IMAGES * (variants + EPOCHS));
    }

    @Test
    void endsInAPassThroughTheFrozenPartOfALaterEpoch() throws IOException {
        // An epoch is a pass through each of the parts; in the third the frozen part comes first.
        int begun = 4 * IMAGES;
        assertThatThrownBy(() -> run(VARIED, Optional.empty(), new ArrayList<>(), now -> {
                    if (now.done() > begun && now.loss() == null) {
                        throw new CancellationException("enough");
                    }
                }))
                .isInstanceOf(CancellationException.class);
        assertThat(filesIn(directory)).noneMatch(name -> name.endsWith(".rows"));
    }

    /// Images pass through the frozen part by ones where there is no memory for more, and give the same
    /// numbers.
    @ParameterizedTest
    @FieldSource("WAYS")
    void comesToTheSameWhereOneImageAtATimeFitsTheMemory(FineTuneSettings settings) throws IOException {
        FineTuned ample = run(settings, Optional.empty(), new ArrayList<>(), _ -> {});
        TunablePart part = TunablePart.of(EXTRACTOR.network(), settings.stages(), List.of(CLASSES));
        long held = settings.augment() == null ? 0 : TuningMemory.heldBytes(part);
        long one = PassMemory.of(part.trunk().orElseThrow()).bytes(1);

        tuning = new FineTuning(
                store, new ScratchFolder(directory.resolve("graft-scratch-tight")), CHOICE, 2, held + one);

        requireSame(run(settings, Optional.empty(), new ArrayList<>(), _ -> {}), ample);
    }

    /// Labels that have nothing to do with the images, and steps far too long: the answers are sure, and half of them
    /// wrong.
    @Test
    void endsWhenTheLossHasGrownBeyondABound() {
        int[] labels =
                IntStream.range(0, IMAGES).map(i -> i / CLASSES % CLASSES).toArray();
        set = new TuningSet(set.imageIds(), labels, CLASSES, new int[0], new ClassWeights.Equal(), 7);
        FineTuneSettings wild = new FineTuneSettings(
                List.of("conv_head"),
                false,
                "sgd",
                60,
                4,
                100,
                1,
                "constant",
                0,
                0,
                0,
                0,
                0,
                null,
                60,
                false,
                null,
                null);
        assertThatThrownBy(() -> run(wild, Optional.empty(), new ArrayList<>(), _ -> {}))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("smaller learning rate");
    }

    /// The labels of the images held out contradict those that are learned from, so that every epoch is worse.
    @Test
    void keepsTheBeginningWhereNoEpochIsBetter() throws IOException {
        int[] heldOut = {0, 1, 2, 3};
        int[] labels = set.labels().clone();
        for (int image : heldOut) {
            labels[image] = 1 - labels[image];
        }
        set = new TuningSet(set.imageIds(), labels, CLASSES, heldOut, new ClassWeights.Equal(), 7);

        FineTuned tuned = run(Optional.empty(), new ArrayList<>(), _ -> {});

        assertThat(tuned.bestEpoch()).isZero();
        assertThat(tuned.head().curve()).hasSize(EPOCHS);
        try (Safetensors weights =
                Backbone.WEIGHTS.open(EXTRACTOR.backbone(), EXTRACTOR.identity().weightsSha256())) {
            tuned.parameters()
                    .forEach((name, tensor) -> assertThat(tensor.toArray())
                            .as(name)
                            .isEqualTo(weights.tensor(name).toArray()));
        }
    }

    /// A head of its own is what both begin with, whatever the one before has learned.
    @Test
    void trainsAHeadThatBeginsAnew() throws IOException {
        FineTuneSettings joint = with(PLAIN, true, 0);
        FineTuned tuned = run(joint, Optional.empty(), new ArrayList<>(), _ -> {});
        float[] learned = new float[1280 * CLASSES];
        Arrays.fill(learned, 1);
        TrainedHead other = new TrainedHead(
                List.of(new HeadLayer(1280, CLASSES, learned, new float[CLASSES])),
                false,
                List.of(),
                0,
                1,
                null,
                List.of(),
                0.5);
        requireSame(run(joint, other, Optional.empty(), new ArrayList<>(), _ -> {}), tuned);
        assertThat(bytes(run(PLAIN, other, Optional.empty(), new ArrayList<>(), _ -> {})))
                .isNotEqualTo(bytes(tuned));
    }

    @Test
    void leavesOutWhatTheHeadReads() throws IOException {
        assertThat(bytes(run(with(PLAIN, false, 0.5), Optional.empty(), new ArrayList<>(), _ -> {})))
                .isNotEqualTo(bytes(run(Optional.empty(), new ArrayList<>(), _ -> {})));
    }

    @Test
    void endsWhenItsListenerWantsItTo() throws IOException {
        assertThatThrownBy(() -> run(Optional.empty(), new ArrayList<>(), now -> {
                    if (now.done() > 30) {
                        throw new CancellationException("enough");
                    }
                }))
                .isInstanceOf(CancellationException.class);
        assertThat(filesIn(directory)).noneMatch(name -> name.endsWith(".rows"));
    }

    @Test
    void namesAnImageThatIsGone() {
        String gone = set.imageIds().get(5);
        store.delete(ObjectKeys.image(gone));
        assertThatThrownBy(() -> run(Optional.empty(), new ArrayList<>(), _ -> {}))
                .isInstanceOf(UnusableImageException.class)
                .hasMessageContaining(gone);
    }

    private FineTuned run(Optional<byte[]> state, List<byte[]> kept, TrainingListener listener) throws IOException {
        return run(PLAIN, state, kept, listener);
    }

    private FineTuned run(
            FineTuneSettings settings, Optional<byte[]> state, List<byte[]> kept, TrainingListener listener)
            throws IOException {
        return run(settings, HEAD, state, kept, listener);
    }

    private FineTuned run(
            FineTuneSettings settings,
            TrainedHead head,
            Optional<byte[]> state,
            List<byte[]> kept,
            TrainingListener listener)
            throws IOException {
        try (Safetensors weights =
                Backbone.WEIGHTS.open(EXTRACTOR.backbone(), EXTRACTOR.identity().weightsSha256())) {
            return tuning.run(
                    EXTRACTOR.network(),
                    weights,
                    EXTRACTOR.backbone().preprocessing(),
                    head,
                    set,
                    settings,
                    new Continuation(state, kept::add),
                    listener);
        }
    }

    private static FineTuneSettings with(FineTuneSettings settings, boolean joint, double dropout) {
        return with(settings, joint, dropout, settings.mixedPrecision());
    }

    private static FineTuneSettings with(
            FineTuneSettings settings, boolean joint, double dropout, boolean mixedPrecision) {
        return new FineTuneSettings(
                settings.stages(),
                joint,
                settings.optimizer(),
                settings.epochs(),
                settings.batchSize(),
                settings.learningRate(),
                settings.layerDecay(),
                settings.schedule(),
                settings.warmUpEpochs(),
                settings.weightDecay(),
                settings.momentum(),
                settings.labelSmoothing(),
                dropout,
                settings.clipNorm(),
                settings.patience(),
                mixedPrecision,
                settings.augment(),
                settings.augmentVariants());
    }

    private static FineTuneSettings varied(@Nullable String augment, @Nullable Integer variants) {
        return new FineTuneSettings(
                List.of("conv_head"),
                false,
                "adamw",
                EPOCHS,
                4,
                1e-3,
                1,
                "cosine",
                1,
                0.01,
                0,
                0,
                0,
                null,
                EPOCHS,
                false,
                augment,
                variants);
    }

    /// To the byte on the CPU, else the parameters to [#CUDA_TOLERANCE].
    private static void requireSame(FineTuned found, FineTuned expected) {
        if (TestedDevice.isCpu()) {
            assertThat(bytes(found)).isEqualTo(bytes(expected));
        } else {
            expected.parameters()
                    .forEach((name, tensor) -> assertThat(
                                    Objects.requireNonNull(found.parameters().get(name))
                                            .toArray())
                            .as(name)
                            .containsExactly(tensor.toArray(), within(CUDA_TOLERANCE)));
        }
    }

    private static byte[] bytes(FineTuned tuned) {
        return FineTunedFile.write(tuned, List.of("boxes", "discs"), "linear");
    }

    private static List<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toString).toList();
        }
    }
}
