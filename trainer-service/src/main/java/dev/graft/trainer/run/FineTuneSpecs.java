package dev.graft.trainer.run;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.TunablePart;
import dev.graft.vision.augment.Augmentation;
import dev.graft.weightstore.ChosenExtractor;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Completes requests to settings of fine-tuning. What cannot be done is refused, never passed over.
final class FineTuneSpecs {
    static final int MAX_EPOCHS = 1000;
    static final int MAX_BATCH = 1024;
    static final double MIN_LAYER_DECAY = 0.01;
    static final double MAX_WEIGHT_DECAY = 1;
    static final double MAX_SHARE = 0.99;
    static final double MIN_CLIP_NORM = 1e-3;
    static final double MAX_CLIP_NORM = 1e6;
    private static final String POINTER = "/fineTuning/";

    private FineTuneSpecs() {}

    /// Returns whether a training in steps follows that of the head: stages are named, or images are varied.
    ///
    /// @throws ProblemException `SETTING_UNSUPPORTED` when the augmentation is not understood
    static boolean isWanted(TrainingRunRequest request) {
        return !stages(request).isEmpty() || !augmentation(request).isNone();
    }

    private static List<String> stages(TrainingRunRequest request) {
        return Objects.requireNonNullElse(request.fineTune(), List.of());
    }

    /// Completes a request; null where nothing is fine-tuned. Where images are varied and no stages are named, the
    /// head alone learns from them.
    ///
    /// @param dropout of the head
    /// @throws ProblemException `SETTING_UNSUPPORTED`, with what cannot be done
    static @Nullable FineTuneSettings complete(TrainingRunRequest request, ChosenExtractor extractor, double dropout) {
        List<String> stages = stages(request);
        Augmentation augmentation = augmentation(request);
        if (stages.isEmpty() && augmentation.isNone()) {
            if (request.fineTuning() != null) {
                throw unsupported(
                        "There is nothing to fine-tune: name stages in fineTune, or give augment.", "/fineTuning");
            }
            return null;
        }
        if (extractor.ranges().isPresent()) {
            throw unsupported(
                    "Only float32 can be fine-tuned, or learn from varied pictures: leave precision out, or %s."
                            .formatted(stages.isEmpty() ? "augment" : "fineTune"),
                    "/precision");
        }
        requireStages(extractor, stages);
        FineTuneRequest wanted = Objects.requireNonNullElse(request.fineTuning(), FineTuneRequest.DEFAULT);
        String optimizer = oneOf(wanted.optimizer(), "optimizer", "adamw", "adam", "sgd", "rmsprop");
        String schedule = oneOf(wanted.schedule(), "schedule", "cosine", "constant", "one-cycle", "step");
        boolean cycle = schedule.equals("one-cycle");
        if (cycle && wanted.warmUpEpochs() != null && wanted.warmUpEpochs() > 0) {
            throw unsupported(
                    "one-cycle begins with a warm-up of its own: leave warmUpEpochs out.", POINTER + "warmUpEpochs");
        }
        if (optimizer.startsWith("adam") && wanted.momentum() != null) {
            throw unsupported(
                    "%s has no momentum to choose: leave it out, or choose sgd or rmsprop.".formatted(optimizer),
                    POINTER + "momentum");
        }
        boolean slow = optimizer.equals("sgd");
        // A head alone may move faster than a backbone that is to keep what it knows.
        double rate = stages.isEmpty() ? (slow ? 0.01 : 0.001) : (slow ? 0.003 : 0.0003);
        return new FineTuneSettings(
                stages,
                Objects.requireNonNullElse(wanted.joint(), false),
                optimizer,
                RunSpecs.within(wanted.epochs(), 10, 1, MAX_EPOCHS, POINTER + "epochs"),
                RunSpecs.within(wanted.batchSize(), 32, 1, MAX_BATCH, POINTER + "batchSize"),
                RunSpecs.within(
                        wanted.learningRate(),
                        rate,
                        RunSpecs.MIN_LEARNING_RATE,
                        RunSpecs.MAX_LEARNING_RATE,
                        POINTER + "learningRate"),
                RunSpecs.within(wanted.layerDecay(), 0.7, MIN_LAYER_DECAY, 1, POINTER + "layerDecay"),
                schedule,
                RunSpecs.within(wanted.warmUpEpochs(), cycle ? 0 : 1, 0, MAX_EPOCHS, POINTER + "warmUpEpochs"),
                RunSpecs.within(wanted.weightDecay(), 0.01, 0, MAX_WEIGHT_DECAY, POINTER + "weightDecay"),
                RunSpecs.within(wanted.momentum(), 0.9, 0, MAX_SHARE, POINTER + "momentum"),
                RunSpecs.within(wanted.labelSmoothing(), 0.1, 0, MAX_SHARE, POINTER + "labelSmoothing"),
                dropout,
                RunSpecs.within(wanted.clipNorm(), 5, MIN_CLIP_NORM, MAX_CLIP_NORM, POINTER + "clipNorm"),
                RunSpecs.within(wanted.patience(), 4, 1, MAX_EPOCHS, POINTER + "patience"),
                Objects.requireNonNullElse(wanted.mixedPrecision(), false),
                augmentation.isNone() ? null : augmentation.toString(),
                request.augmentVariants());
    }

    private static Augmentation augmentation(TrainingRunRequest request) {
        Augmentation augmentation = parsed(Objects.requireNonNullElse(request.augment(), "none"));
        if (request.augmentVariants() != null) {
            int unused = RunSpecs.within(request.augmentVariants(), 1, 1, MAX_EPOCHS, "/augmentVariants");
            if (augmentation.isNone()) {
                throw unsupported(
                        "There are no variants without an augmentation: give augment, or leave augmentVariants out.",
                        "/augmentVariants");
            }
            if (augmentation.isMixed()) {
                throw unsupported(
                        "mixup and cutmix mix other pictures in every epoch: leave them or augmentVariants out.",
                        "/augmentVariants");
            }
        }
        return augmentation;
    }

    private static Augmentation parsed(String written) {
        try {
            return Augmentation.parse(written);
        } catch (IllegalArgumentException e) {
            throw unsupported(String.valueOf(e.getMessage()), "/augment");
        }
    }

    private static void requireStages(ChosenExtractor extractor, List<String> stages) {
        try {
            TunablePart unused = TunablePart.of(extractor.network(), stages, List.of(2));
        } catch (IllegalArgumentException e) {
            throw unsupported(
                    "Of what lies below the layer %s: %s.".formatted(extractor.layer(), e.getMessage()), "/fineTune");
        }
    }

    /// The first of the names is the default.
    private static String oneOf(@Nullable String written, String field, String... names) {
        String chosen = Objects.requireNonNullElse(written, names[0]);
        if (Stream.of(names).noneMatch(chosen::equals)) {
            throw unsupported(
                    "%s is %s, not '%s'.".formatted(field, String.join(", ", names), chosen), POINTER + field);
        }
        return chosen;
    }

    private static ProblemException unsupported(String detail, String pointer) {
        return new ProblemException(ProblemType.SETTING_UNSUPPORTED, detail, pointer);
    }
}
