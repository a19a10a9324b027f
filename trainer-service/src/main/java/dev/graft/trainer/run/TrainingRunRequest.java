package dev.graft.trainer.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Names;
import dev.graft.trainer.head.HeadArchitecture;
import dev.graft.vision.augment.Augmentation;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What is to be trained. Only the dataset is needed.
///
/// @param datasetVersion a frozen version; absent: what the dataset holds now, frozen
/// @param model          the model's name; absent: the dataset's
/// @param backbone       weight set, or a version of a model that was fine-tuned, `model@version`; absent:
///     the default weight set
/// @param layer          where the features are taken; absent: the pooled features, or where the
///     version of the model was tuned
/// @param inputSize      side of the input in pixels; absent: the backbone's own
/// @param precision      `f32` (default) or `int8`
/// @param head           `linear` (default), `sigmoid` or `mlp:UNITS[,UNITS]`
/// @param dropout        0 (default) to below 1; with L-BFGS only of what is fine-tuned after it
/// @param optimizer      `lbfgs` (default for one layer), `adam`, `adamw` (default for mlp) or `sgd`
/// @param learningRate   default 0.001, for sgd 0.01; not with L-BFGS
/// @param epochs         at most so many; default 100, for L-BFGS 500 steps
/// @param batchSize      default 64; not with L-BFGS
/// @param classWeights   `none` (default), `balanced`, or `LABEL=W,LABEL=W,…`; a class that is not named counts 1
/// @param seed           decides everything that is drawn; default 0
/// @param testFraction   share of every class to evaluate on when the dataset has no split for it; default 0.2
/// @param fineTune       stages, layers or patterns to unfreeze once the head has converged; `all` is everything
/// @param fineTuning     how; only with `fineTune` or `augment`
/// @param augment        how images are varied while stages are fine-tuned, or else while the head, once it has
///     converged, learns alone: `none` (default), `light`, `classic`, or `KEY=VALUE,KEY,…`
/// @param augmentVariants so many variants of each image, which epochs see in turn; absent: each epoch sees
///     another; only with `augment`
/// @param promote        put the model version into production
@Schema(examples = """
        {"dataset": "flowers", "head": "linear", "seed": 7, "promote": true}""")
public record TrainingRunRequest(
        @NotNull @Pattern(regexp = Names.PATTERN, message = Names.RULE)
        String dataset,

        @Min(1) @Max(Integer.MAX_VALUE) @Nullable Integer datasetVersion,

        @Pattern(regexp = Names.PATTERN, message = Names.RULE) @Nullable
        String model,

        @Schema(minLength = 1, maxLength = TrainingRunRequest.MAX_NAME_LENGTH) @Nullable
        String backbone,

        @Schema(minLength = 1, maxLength = TrainingRunRequest.MAX_NAME_LENGTH) @Nullable
        String layer,

        @Schema(minimum = ExtractorChoice.MIN_INPUT_PIXELS + "", maximum = ExtractorChoice.MAX_INPUT_PIXELS + "")
        @Nullable
        Integer inputSize,

        @Schema(enumeration = {"f32", "int8"}) @Nullable String precision,

        @Schema(pattern = HeadArchitecture.PATTERN) @Nullable
        String head,

        @Schema(minimum = "0", maximum = RunSpecs.MAX_DROPOUT + "") @Nullable
        Double dropout,

        @Schema(enumeration = {"lbfgs", "adam", "adamw", "sgd"}) @Nullable
        String optimizer,

        @Schema(minimum = RunSpecs.MIN_LEARNING_RATE + "", maximum = RunSpecs.MAX_LEARNING_RATE + "") @Nullable
        Double learningRate,

        @Schema(minimum = "1", maximum = RunSpecs.MAX_EPOCHS + "") @Nullable
        Integer epochs,

        @Schema(minimum = "1", maximum = RunSpecs.MAX_BATCH + "") @Nullable
        Integer batchSize,

        @Schema(pattern = WrittenClassWeights.PATTERN, maxLength = TrainingRunRequest.MAX_WEIGHTS_LENGTH)
        @Size(max = TrainingRunRequest.MAX_WEIGHTS_LENGTH)
        @Nullable
        String classWeights,

        @Schema(minimum = Long.MIN_VALUE + "", maximum = Long.MAX_VALUE + "") @Nullable
        Long seed,

        @Schema(minimum = RunSpecs.MIN_TEST_FRACTION + "", maximum = RunSpecs.MAX_TEST_FRACTION + "") @Nullable
        Double testFraction,

        @Schema(maxItems = TrainingRunRequest.MAX_STAGES) @Size(max = TrainingRunRequest.MAX_STAGES) @Nullable
        List<@NotNull @Size(min = 1, max = TrainingRunRequest.MAX_NAME_LENGTH) String> fineTune,

        @Nullable FineTuneRequest fineTuning,

        @Schema(maxLength = Augmentation.MAX_LENGTH) @Nullable
        String augment,

        // Left out of the fingerprint where it is absent, as it was before there was such a field.
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(minimum = "1", maximum = FineTuneSpecs.MAX_EPOCHS + "")
        @Nullable
        Integer augmentVariants,

        @Nullable Boolean promote) {
    private static final int MAX_NAME_LENGTH = 200;
    private static final int MAX_STAGES = 1000;
    private static final int MAX_WEIGHTS_LENGTH = 65_536;
}
