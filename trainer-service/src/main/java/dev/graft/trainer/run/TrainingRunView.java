package dev.graft.trainer.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.problem.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Describes a run.
///
/// @param version  the model version that came of it; present when it succeeded
/// @param progress how far it is; absent before it begins and after it ends
/// @param spec     all settings
/// @param problem  why it failed
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
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Progress(
            String phase,
            long done,
            long total,
            @Nullable Double loss,
            @Nullable Double accuracy) {}

    /// What came of a run.
    ///
    /// @param testAccuracy     share of right answers on the evaluation part
    /// @param top5Accuracy     share of pictures whose true class is among the five most probable
    /// @param confusionMatrix  rows are true classes, columns are answers, both in the order of `labels`
    /// @param epochs           epochs, or steps of L-BFGS, done
    /// @param digest           SHA-256 of the head's file, hex
    /// @param evaluatedOn      `TEST_SPLIT`, `VALIDATION_SPLIT` or `DRAWN`
    /// @param fineTuned        absent where the backbone stayed as it was
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(
            double testAccuracy,
            double top5Accuracy,
            List<String> labels,
            List<List<Long>> confusionMatrix,
            int epochs,
            String digest,
            String evaluatedOn,
            Embeddings embeddings,
            Seconds seconds,
            @Nullable FineTuned fineTuned) {}

    /// What fine-tuning did.
    ///
    /// @param parameters     numbers of the backbone that were trained
    /// @param epochs         epochs done
    /// @param accuracyBefore share of right answers on the evaluation part before
    public record FineTuned(List<String> stages, long parameters, int epochs, double accuracyBefore, double seconds) {}

    /// Where the embeddings came from.
    public record Embeddings(long total, long cached, long computed) {}

    /// How long it took.
    public record Seconds(double embedding, double training, double total) {}
}
