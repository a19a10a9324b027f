package dev.graft.cli.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A training run, as the trainer service describes it.
///
/// @param version the model version that came of it; present when it succeeded
/// @param spec    the settings, as completed by the trainer service
/// @param problem why it failed
public record TrainingRunView(
        String id,
        String dataset,
        int datasetVersion,
        String model,
        @Nullable Integer version,
        String state,
        @Nullable Progress progress,
        @Nullable JsonNode spec,
        @Nullable Result result,
        @Nullable ProblemView problem) {

    /// How far it is.
    public record Progress(
            String phase,
            long done,
            long total,
            @Nullable Double loss,
            @Nullable Double accuracy,
            @Nullable Integer epoch,
            @Nullable Double imagesPerSecond,
            @Nullable Double secondsLeft) {}

    /// What came of it.
    ///
    /// @param confusionMatrix rows are true labels, columns are answers, both in the order of `labels`
    /// @param digest          of the head
    /// @param fineTuned       absent where nothing was learned after the head had converged
    public record Result(
            double testAccuracy,
            double top5Accuracy,
            List<String> labels,
            List<List<Long>> confusionMatrix,
            int epochs,
            String digest,
            Embeddings embeddings,
            Seconds seconds,
            @Nullable FineTuned fineTuned) {}

    /// What fine-tuning did.
    ///
    /// @param parameters     numbers of the backbone that were trained
    /// @param accuracyBefore on the same pictures, before
    public record FineTuned(List<String> stages, long parameters, int epochs, double accuracyBefore, double seconds) {}

    /// Where the embeddings came from.
    public record Embeddings(long total, long cached, long computed) {}

    /// How long it took.
    public record Seconds(double embedding, double training, double total) {}

    /// Gives the backbone that was learned on.
    public String backbone() {
        return spec == null ? "" : spec.path("backbone").asText();
    }

    /// Returns whether nothing more will happen.
    public boolean ended() {
        return state.equals("SUCCEEDED") || state.equals("FAILED") || state.equals("CANCELLED");
    }
}
