package dev.graft.cli.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.cli.rest.TrainingRunView;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What came of a training run, as `--json` prints it.
///
/// @param confusionMatrix rows are true labels, columns are answers, both in the order of `labels`
/// @param digest          of the head
/// @param report          the file that holds the report
/// @param fineTuned       absent where nothing was learned after the head had converged
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainReport(
        String run,
        String model,
        int version,
        String state,
        double testAccuracy,
        double top5Accuracy,
        List<String> labels,
        List<List<Long>> confusionMatrix,
        int epochs,
        String digest,
        String report,
        TrainingRunView.Embeddings embeddings,
        TrainingRunView.Seconds seconds,
        TrainingRunView.@Nullable FineTuned fineTuned) {

    static TrainReport of(TrainingRunView run, Path report) {
        TrainingRunView.Result result = Objects.requireNonNull(run.result(), "a run that succeeded has a result");
        return new TrainReport(
                run.id(),
                run.model(),
                Objects.requireNonNull(run.version(), "a run that succeeded has a version"),
                run.state(),
                result.testAccuracy(),
                result.top5Accuracy(),
                result.labels(),
                result.confusionMatrix(),
                result.epochs(),
                result.digest(),
                report.toString(),
                result.embeddings(),
                result.seconds(),
                result.fineTuned());
    }
}
