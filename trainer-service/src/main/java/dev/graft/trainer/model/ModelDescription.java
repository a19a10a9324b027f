package dev.graft.trainer.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.contracts.ModelCard;
import dev.graft.trainer.head.CurvePoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A bundle's `model.json`: what [ModelCard] promises to readers, and besides it lineage and metrics.
///
/// @param backbone what the features came from: a weight set, or a version of a model, `model@version`
/// @param lineage  that, and what it was fine-tuned from, the nearest first; the last is a weight set
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelDescription(
        String model,
        int version,
        String run,
        Instant createdAt,
        Dataset dataset,
        String backbone,
        List<String> lineage,
        ExtractorIdentity extractor,
        ModelCard.Preprocessing preprocessing,
        List<String> labels,
        Object spec,
        @Nullable FineTuning fineTuning,
        Learned head,
        Metrics metrics,
        Map<String, ModelCard.BundleFile> files,
        ModelCard.SelfTest selfTest) {

    /// The dataset version learned from.
    record Dataset(String name, int version, String manifestDigest) {}

    /// The extractor of the features.
    record ExtractorIdentity(
            String digest,
            String weightsSha256,
            String layer,
            String preprocessingDigest,
            String precision,
            int dimension) {}

    /// What became of the backbone, whose weights before the extractor names.
    ///
    /// @param augment      how the images were varied; absent where they were not
    /// @param augmentVariants of each image; absent where each epoch saw another
    /// @param parameters   numbers of the backbone that were trained
    /// @param bestEpoch    the epoch that was kept, of which there were `epochs`
    /// @param curve        loss and accuracy on the images held out, by epoch
    /// @param headCurve    those of the head before
    /// @param difference   accuracy less that before
    /// @param mcNemarMidP  probability that so uneven a number of changes comes of chance
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FineTuning(
            List<String> stages,
            @Nullable String augment,
            @Nullable Integer augmentVariants,
            long parameters,
            int epochs,
            int bestEpoch,
            double accuracyBefore,
            double difference,
            double differenceLow95,
            double differenceHigh95,
            double mcNemarMidP,
            int becameRight,
            int becameWrong,
            @Nullable List<List<Long>> confusionMatrixBefore,
            List<CurvePoint> curve,
            List<CurvePoint> headCurve) {}

    /// What the training chose.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Learned(
            String architecture,
            int steps,
            @Nullable Double l2Strength,
            double temperature,
            double heldOutAccuracy,
            int images) {}

    /// What the evaluation found.
    ///
    /// @param confusionMatrix rows are true classes, columns are answers; absent where there are many classes, so
    ///     that readers need not hold the square of them: `predictions.jsonl` has every answer
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Metrics(
            String evaluatedOn,
            int images,
            double accuracy,
            double accuracyLow95,
            double accuracyHigh95,
            double top5Accuracy,
            double logLoss,
            @Nullable List<List<Long>> confusionMatrix) {}
}
