package dev.graft.cli.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be trained; what is absent, the trainer service chooses.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingRequest(
        String dataset,
        @Nullable Integer datasetVersion,
        @Nullable String model,
        @Nullable String backbone,
        @Nullable String layer,
        @Nullable Integer inputSize,
        @Nullable String precision,
        @Nullable String head,
        @Nullable Double dropout,
        @Nullable String optimizer,
        @Nullable Double learningRate,
        @Nullable Integer epochs,
        @Nullable Integer batchSize,
        @Nullable String classWeights,
        @Nullable Long seed,
        @Nullable Double testFraction,
        @Nullable List<String> fineTune,
        @Nullable FineTuneRequest fineTuning,
        @Nullable String augment,
        @Nullable Integer augmentVariants,
        @Nullable Boolean promote) {

    /// Everything by default, on a frozen version of a dataset, straight into production.
    public static TrainingRequest byDefault(String dataset, int datasetVersion) {
        return new TrainingRequest(
                dataset,
                datasetVersion,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                true);
    }

    /// A linear head that sees each image once, on images of a given size; not into production.
    ///
    /// @param inputSizePixels side of the images as the network sees them
    public static TrainingRequest ofOnePass(String dataset, int datasetVersion, int inputSizePixels) {
        return new TrainingRequest(
                dataset,
                datasetVersion,
                null,
                null,
                null,
                inputSizePixels,
                null,
                null,
                null,
                "sgd",
                null,
                1,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /// Stages of the default backbone, fine-tuned on varied images.
    ///
    /// @param fineTuning how
    /// @param augment    how the images are varied
    /// @param dropout    fraction of the head's inputs that are dropped meanwhile
    public static TrainingRequest ofFineTuning(
            String dataset,
            int datasetVersion,
            String model,
            List<String> stages,
            FineTuneRequest fineTuning,
            String augment,
            double dropout) {
        return new TrainingRequest(
                dataset,
                datasetVersion,
                model,
                null,
                null,
                null,
                null,
                null,
                dropout,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                stages,
                fineTuning,
                augment,
                null,
                null);
    }
}
