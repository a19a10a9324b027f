package dev.graft.trainer.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.problem.Problem;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Describes a run.
///
/// @param version  the model version that came of it; present when it succeeded
/// @param progress how far it is; absent before it begins and after it ends
/// @param spec     all settings
/// @param problem  why it failed
@Schema(examples = """
        {"id": "7d5c0f5e-1c1b-4d4e-9a55-0e6a7a3b2c11", "dataset": "flowers", "datasetVersion": 1,
        "model": "flowers", "version": 2, "state": "SUCCEEDED",
        "spec": {"backbone": "tf_efficientnet_lite0.in1k", "layer": "global_pool", "inputSize": 224,
        "precision": "f32", "head": "linear", "optimizer": "lbfgs", "epochs": 500, "dropout": 0.0,
        "classWeights": "none", "seed": 7, "testFraction": 0.2, "promote": true},
        "result": {"testAccuracy": 0.96, "top5Accuracy": 1.0, "labels": ["daisy", "tulip"],
        "confusionMatrix": [[12, 1], [0, 12]], "epochs": 24,
        "digest": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760",
        "evaluatedOn": "DRAWN", "embeddings": {"total": 125, "cached": 100, "computed": 25},
        "seconds": {"embedding": 1.4, "training": 2.1, "total": 4.2}},
        "createdAt": "2026-03-01T09:30:00Z", "finishedAt": "2026-03-01T09:30:04Z"}""")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingRunView(
        String id,
        String dataset,
        int datasetVersion,
        String model,
        @Nullable Integer version,
        RunState state,
        @Nullable Progress progress,
        RunSpec spec,
        @Nullable Result result,
        @Nullable Problem problem,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /// How far a run is.
    ///
    /// @param done     units of the phase that are done: pictures, epochs, or strengths of regularisation
    /// @param loss     on the pictures learned from
    /// @param accuracy on the pictures, or folds, held out for choosing
    /// @param epoch    the epoch that is under way or has just ended, from 1; absent where there are none
    /// @param step     how many steps of that epoch are done; absent where they are not counted
    /// @param imagesPerSecond by the last half minute above all; absent where images are not what is counted
    /// @param secondsLeft until the phase ends at that pace, if no epoch makes it end early
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Progress(
            String phase,
            long done,
            long total,
            @Nullable Double loss,
            @Nullable Double accuracy,
            @Nullable Integer epoch,
            @Nullable Integer step,
            @Nullable Double imagesPerSecond,
            @Nullable Double secondsLeft) {}

    /// What came of a run.
    ///
    /// @param testAccuracy     share of right answers on the images of the evaluation
    /// @param top5Accuracy     share of pictures whose true class is among the five most probable
    /// @param confusionMatrix  rows are true classes, columns are answers, both in the order of `labels`; absent in
    ///     lists
    /// @param epochs           epochs, or steps of L-BFGS, done
    /// @param digest           SHA-256 of the head's file, hex
    /// @param evaluatedOn      `TEST_SPLIT`, `VALIDATION_SPLIT` or `DRAWN`
    /// @param fineTuned        absent where nothing was learned after the head had converged
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(
            double testAccuracy,
            double top5Accuracy,
            List<String> labels,
            @Nullable List<List<Long>> confusionMatrix,
            int epochs,
            String digest,
            String evaluatedOn,
            Embeddings embeddings,
            Seconds seconds,
            @Nullable FineTuned fineTuned) {}

    /// What fine-tuning did, or a head alone that learned from varied images.
    ///
    /// @param stages         as named; none for a head alone
    /// @param parameters     numbers of the backbone that were trained
    /// @param epochs         epochs done
    /// @param accuracyBefore share of right answers on the evaluation part before
    /// @param seconds        how long it took, in all attempts
    public record FineTuned(List<String> stages, long parameters, int epochs, double accuracyBefore, double seconds) {}

    /// Where the embeddings came from.
    public record Embeddings(long total, long cached, long computed) {}

    /// How long it took.
    ///
    /// @param training in all attempts, without the time between them
    public record Seconds(double embedding, double training, double total) {}
}
