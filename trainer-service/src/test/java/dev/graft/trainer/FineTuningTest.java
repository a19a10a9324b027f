package dev.graft.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Precision;
import dev.graft.contracts.Sha256;
import dev.graft.networks.inference.PassMemory;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.FineTuned;
import dev.graft.trainer.finetune.FineTuning;
import dev.graft.trainer.finetune.FineTuning.Continuation;
import dev.graft.trainer.finetune.TuningSet;
import dev.graft.trainer.finetune.UnusableImageException;
import dev.graft.trainer.head.HeadLayer;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.head.TrainingListener;
import dev.graft.trainer.stage.FineTunedFile;
import dev.graft.weightstore.ChosenExtractor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fine-tuning without a service around it, on small images of two classes.
class FineTuningTest {
    private static final int CLASSES = 2;
    private static final int IMAGES_OF_CLASS = 12;
    private static final FineTuneSettings SETTINGS =
            new FineTuneSettings(List.of("conv_head"), "adamw", 4, 4, 1e-3, 1, "cosine", 1, 0.01, 0, 0, null, 4);
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
            byte[] file = Pictures.png(labels[i], i);
            imageIds.add(Sha256.of(file));
            store.put(ObjectKeys.image(Sha256.of(file)), ObjectContent.of(file, "image/png"));
        }
        set = new TuningSet(imageIds, labels, CLASSES, new int[0], false, 7);
        tuning = new FineTuning(store, new ScratchFolder(directory.resolve("graft-scratch-test")), 2, 1L << 30);
    }

    @Test
    void learnsAndSaysHowFarItIs() throws IOException {
        List<Integer> done = new ArrayList<>();
        FineTuned tuned = run(Optional.empty(), new ArrayList<>(), (passes, total, _, _) -> {
            done.add(passes);
            assertThat(total).isEqualTo(CLASSES * IMAGES_OF_CLASS * 5);
        });
        assertThat(done).isSorted().endsWith(CLASSES * IMAGES_OF_CLASS * 5);
        assertThat(tuned.parameters().keySet()).containsExactlyInAnyOrder("conv_head.weight", "bn2.weight", "bn2.bias");
        assertThat(tuned.head().curve()).hasSize(4);
        assertThat(tuned.head().curve().getLast().loss())
                .isLessThan(tuned.head().curve().getFirst().loss());
        assertThat(filesIn(directory)).noneMatch(name -> name.endsWith(".rows"));
    }

    @Test
    void goesOnFromEachEpochAsIfItHadNeverStopped() throws IOException {
        List<byte[]> states = new ArrayList<>();
        byte[] undisturbed = bytes(run(Optional.empty(), states, (_, _, _, _) -> {}));
        assertThat(states).hasSize(3);
        for (byte[] state : states) {
            assertThat(bytes(run(Optional.of(state), new ArrayList<>(), (_, _, _, _) -> {})))
                    .isEqualTo(undisturbed);
        }
    }

    /// Images pass through the frozen part by ones where there is no memory for more, and give the same
    /// numbers.
    @Test
    void comesToTheSameWhereOneImageAtATimeFitsTheMemory() throws IOException {
        byte[] ample = bytes(run(Optional.empty(), new ArrayList<>(), (_, _, _, _) -> {}));
        long one = PassMemory.of(EXTRACTOR.network()).bytes(1);

        tuning = new FineTuning(store, new ScratchFolder(directory.resolve("graft-scratch-tight")), 2, one);

        assertThat(bytes(run(Optional.empty(), new ArrayList<>(), (_, _, _, _) -> {})))
                .isEqualTo(ample);
    }

    @Test
    void endsWhenItsListenerWantsItTo() throws IOException {
        assertThatThrownBy(() -> run(Optional.empty(), new ArrayList<>(), (passes, _, _, _) -> {
                    if (passes > 30) {
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
        assertThatThrownBy(() -> run(Optional.empty(), new ArrayList<>(), (_, _, _, _) -> {}))
                .isInstanceOf(UnusableImageException.class)
                .hasMessageContaining(gone);
    }

    private FineTuned run(Optional<byte[]> state, List<byte[]> kept, TrainingListener listener) throws IOException {
        try (Safetensors weights = Backbone.WEIGHTS.open(
                EXTRACTOR.backbone().name(), EXTRACTOR.identity().weightsSha256())) {
            return tuning.run(
                    EXTRACTOR.network(),
                    weights,
                    EXTRACTOR.backbone().preprocessing(),
                    HEAD,
                    set,
                    SETTINGS,
                    new Continuation(state, kept::add),
                    listener);
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
