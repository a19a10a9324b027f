package dev.graft.trainer.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.head.HeadArchitecture;
import dev.graft.trainer.head.HeadSettings;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The settings of a run, complete.
///
/// @param learningRate absent for L-BFGS, which finds its own
/// @param batchSize    absent for L-BFGS, which takes all pictures
/// @param fineTune     how the backbone is fine-tuned once the head has converged; absent where it stays as it is
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunSpec(
        String backbone,
        String layer,
        int inputSize,
        String precision,
        String head,
        String optimizer,
        int epochs,
        @Nullable Integer batchSize,
        @Nullable Double learningRate,
        double dropout,
        String classWeights,
        long seed,
        double testFraction,
        boolean promote,
        @Nullable FineTuneSettings fineTune) {

    /// Gives the extractor's choice.
    public ExtractorChoice extractor() {
        Precision arithmetic = Precision.valueOf(precision.toUpperCase(Locale.ROOT));
        return new ExtractorChoice(backbone, layer, inputSize, arithmetic);
    }

    /// Gives the settings of the head's training.
    ///
    /// @param labels of the classes, in order
    public HeadSettings headSettings(List<String> labels) {
        return new HeadSettings(
                HeadArchitecture.parse(head),
                HeadSettings.Optimizer.valueOf(optimizer.toUpperCase(Locale.ROOT)),
                epochs,
                Objects.requireNonNullElse(batchSize, 1),
                Objects.requireNonNullElse(learningRate, 1.0),
                dropout,
                WrittenClassWeights.parse(classWeights).of(labels),
                seed);
    }
}
