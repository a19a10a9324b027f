package dev.graft.trainer.run;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.TrainingDevice;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.TunablePart;
import dev.graft.trainer.finetune.TuningMemory;
import dev.graft.trainer.head.FeatureMatrix;
import dev.graft.trainer.head.HeadArchitecture;
import dev.graft.trainer.head.HeadSettings;
import dev.graft.trainer.head.TrainingMemory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;

/// Refuses runs that need more memory than this service has, before they are accepted.
///
/// The replicas of the service have equal bounds, so that one may answer for the others.
@ApplicationScoped
class Admission {
    /// Heap that the service takes without a training.
    private static final long BASE_HEAP_BYTES = 160L << 20;

    private final EngineChoice choice;
    private final int parallelism;
    private final long heapBytes;
    private final long nativeBytes;
    private final long rowsBytes;

    @Inject
    Admission(TrainingDevice device, TrainerConfig config) {
        this(
                device.choice(),
                config.parallelism().orElseGet(Runtime.getRuntime()::availableProcessors),
                Runtime.getRuntime().maxMemory() - BASE_HEAP_BYTES,
                config.nativeBytes(),
                config.rowsSize().asLongValue());
    }

    /// @param choice      where networks are computed
    /// @param heapBytes   heap that a training may take
    /// @param nativeBytes memory outside the heap that a training may take
    /// @param rowsBytes   room on disk that fine-tuning may take
    Admission(EngineChoice choice, int parallelism, long heapBytes, long nativeBytes, long rowsBytes) {
        this.choice = choice;
        this.parallelism = parallelism;
        this.heapBytes = heapBytes;
        this.nativeBytes = nativeBytes;
        this.rowsBytes = rowsBytes;
    }

    /// Estimates what the training of a head needs.
    ///
    /// @throws ProblemException `SETTING_UNSUPPORTED` or `DATASET_NOT_TRAINABLE` with the field and the bound, when
    ///     it is too much
    void require(HeadSettings settings, TrainingMemory.Size size) {
        TrainingMemory need = TrainingMemory.of(settings, size, parallelism);
        if (need.matrixBytes() > Math.min(nativeBytes, FeatureMatrix.MAX_SIZE_BYTES)) {
            throw tooManyFeatures(size);
        }
        boolean layered = settings.architecture() instanceof HeadArchitecture.Mlp;
        if (need.heapBytes() > heapBytes || need.nativeBytes() > nativeBytes) {
            boolean mostlyData = need.dataHeapBytes() > need.heapBytes() / 2;
            throw mostlyData && need.dataHeapBytes() > heapBytes / 2
                    ? tooManyImages(need, size)
                    : tooManyParameters(settings.architecture(), need, size, layered);
        }
    }

    /// Estimates what the fine-tuning of a part needs. What a CUDA device holds does not count: of its
    /// memory a training takes what is free.
    ///
    /// @param images that are learned from
    /// @throws ProblemException `SETTING_UNSUPPORTED` with the bound, when it is too much, or where the trainer
    ///     is set to a device that PyTorch cannot use
    void require(TunablePart part, FineTuneSettings settings, long images) {
        TuningMemory need = need(part, settings, images);
        if (!fits(need)) {
            boolean byAugment = settings.isHeadAlone() || fits(need(part, settings.unvaried(), images));
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "To train %,d parameters%s needs %s of heap and %s besides; this trainer has %s and %s. %s, or choose a smaller inputSize."
                            .formatted(
                                    need.parameters(),
                                    byAugment ? " on varied pictures" : "",
                                    gibibytes(need.heapBytes()),
                                    gibibytes(need.nativeBytes()),
                                    gibibytes(heapBytes),
                                    gibibytes(nativeBytes),
                                    byAugment ? "Leave augment out" : "Name fewer stages, those nearest to the head"),
                    byAugment ? "/augment" : "/fineTune");
        }
        if (need.stateBytes() > TuningMemory.STATE_BYTES_MAX) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "To train %,d parameters, %s are kept after every epoch; %s are the most. %s."
                            .formatted(
                                    need.parameters(),
                                    gibibytes(need.stateBytes()),
                                    gibibytes(TuningMemory.STATE_BYTES_MAX),
                                    settings.isHeadAlone() ? "Choose narrower layers" : "Name fewer stages"),
                    settings.isHeadAlone() ? "/head" : "/fineTune");
        }
        if (need.rowsBytes() > rowsBytes) {
            long ofOne = need.rowsBytes() / settings.keptVariants();
            if (ofOne <= rowsBytes) {
                throw new ProblemException(
                        ProblemType.SETTING_UNSUPPORTED,
                        "What is read of %d variants of %,d pictures needs %s on disk; this trainer has %s for it. Choose %d augmentVariants at most, or leave it out: each epoch then sees another variant, in the room of one."
                                .formatted(
                                        settings.keptVariants(),
                                        images,
                                        gibibytes(need.rowsBytes()),
                                        gibibytes(rowsBytes),
                                        rowsBytes / ofOne),
                        "/augmentVariants");
            }
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "What is read of %,d pictures needs %s on disk; this trainer has %s for it. %s, or choose a smaller inputSize."
                            .formatted(
                                    images,
                                    gibibytes(need.rowsBytes()),
                                    gibibytes(rowsBytes),
                                    settings.isHeadAlone() ? "Leave augment out" : "Name stages nearer to the head"),
                    settings.isHeadAlone() ? "/augment" : "/fineTune");
        }
    }

    private TuningMemory need(TunablePart part, FineTuneSettings settings, long images) {
        TuningMemory need = TuningMemory.of(part, settings, images, parallelism);
        return computesOnCpu() ? need : need.onDevice();
    }

    private boolean computesOnCpu() {
        try {
            return choice.computesOnCpu();
        } catch (IllegalStateException unusable) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "This trainer cannot fine-tune: %s. Its graft.device can be cpu or auto instead."
                            .formatted(unusable.getMessage()),
                    "/fineTune");
        }
    }

    private boolean fits(TuningMemory need) {
        return need.heapBytes() <= heapBytes && need.nativeBytes() <= nativeBytes;
    }

    private ProblemException tooManyFeatures(TrainingMemory.Size size) {
        long most = Math.min(nativeBytes, FeatureMatrix.MAX_SIZE_BYTES) / (size.features() * Float.BYTES);
        return new ProblemException(
                ProblemType.SETTING_UNSUPPORTED,
                "With %,d features a picture, a head learns from and is evaluated on %,d pictures at most; the dataset has %,d to learn from. Choose a layer with fewer features, or its :pooled form."
                        .formatted(size.features(), most, size.learned()),
                "/layer");
    }

    private ProblemException tooManyImages(TrainingMemory need, TrainingMemory.Size size) {
        return new ProblemException(
                ProblemType.DATASET_NOT_TRAINABLE,
                "A head for %,d pictures and %,d classes needs %s of heap; this trainer has %s for it."
                        .formatted(
                                size.learned() + size.evaluated(),
                                size.classes(),
                                gibibytes(need.heapBytes()),
                                gibibytes(heapBytes)),
                "/dataset");
    }

    private ProblemException tooManyParameters(
            HeadArchitecture head, TrainingMemory need, TrainingMemory.Size size, boolean layered) {
        long byHeap = (long) ((heapBytes - need.dataHeapBytes()) / need.heapBytesPerParameter());
        long byNative = (nativeBytes - need.matrixBytes()) * need.parameters() / need.productBytes();
        return new ProblemException(
                ProblemType.SETTING_UNSUPPORTED,
                "A head %s on %,d features for %,d classes has %,d parameters and needs %s to train; this trainer can take %,d parameters at most. %s"
                        .formatted(
                                head,
                                size.features(),
                                size.classes(),
                                need.parameters(),
                                gibibytes(need.heapBytes() + need.nativeBytes()),
                                Math.max(0, Math.min(byHeap, byNative)),
                                layered
                                        ? "Choose fewer units."
                                        : "Choose a layer with fewer features, or its :pooled form."),
                layered ? "/head" : "/layer");
    }

    private static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }
}
