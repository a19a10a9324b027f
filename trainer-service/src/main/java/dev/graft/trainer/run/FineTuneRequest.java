package dev.graft.trainer.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// How stages are fine-tuned, or a head alone learns from varied images. Nothing is needed.
///
/// @param joint          whether the head begins anew and learns together with the stages; by default it goes on
///     from where it has converged
/// @param optimizer      `adamw` (default), `adam`, `sgd` or `rmsprop`
/// @param epochs         at most so many; default 10
/// @param batchSize      images in a step; default 32
/// @param learningRate   of the head and the uppermost stage; default 0.0003, of a head alone 0.001; for sgd ten
///     times that
/// @param layerDecay     what the rate is multiplied by from stage to stage towards the input; default 0.7
/// @param schedule       `cosine` (default), `constant`, `one-cycle` or `step`
/// @param warmUpEpochs   epochs in which the rate rises; default 1, for one-cycle none
/// @param weightDecay    default 0.01
/// @param momentum       of sgd and rmsprop; default 0.9
/// @param labelSmoothing default 0.1
/// @param clipNorm       the greatest norm of all gradients together; default 5
/// @param patience       epochs without a better one after which it ends; default 4
/// @param mixedPrecision whether the loss is differentiated in bfloat16, while parameters and their steps
///     stay float32; default false
@Schema(examples = """
        {"epochs": 5, "learningRate": 0.0003, "schedule": "cosine"}""")
public record FineTuneRequest(
        // Left out of the fingerprint where it is absent, as it was before there was such a field.
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean joint,

        @Schema(enumeration = {"adamw", "adam", "sgd", "rmsprop"}) @Nullable
        String optimizer,

        @Schema(minimum = "1", maximum = FineTuneSpecs.MAX_EPOCHS + "") @Nullable
        Integer epochs,

        @Schema(minimum = "1", maximum = FineTuneSpecs.MAX_BATCH + "") @Nullable
        Integer batchSize,

        @Schema(minimum = RunSpecs.MIN_LEARNING_RATE + "", maximum = RunSpecs.MAX_LEARNING_RATE + "") @Nullable
        Double learningRate,

        @Schema(minimum = FineTuneSpecs.MIN_LAYER_DECAY + "", maximum = "1") @Nullable
        Double layerDecay,

        @Schema(enumeration = {"cosine", "constant", "one-cycle", "step"}) @Nullable
        String schedule,

        @Schema(minimum = "0", maximum = FineTuneSpecs.MAX_EPOCHS + "") @Nullable
        Double warmUpEpochs,

        @Schema(minimum = "0", maximum = FineTuneSpecs.MAX_WEIGHT_DECAY + "") @Nullable
        Double weightDecay,

        @Schema(minimum = "0", maximum = FineTuneSpecs.MAX_SHARE + "") @Nullable
        Double momentum,

        @Schema(minimum = "0", maximum = FineTuneSpecs.MAX_SHARE + "") @Nullable
        Double labelSmoothing,

        @Schema(minimum = FineTuneSpecs.MIN_CLIP_NORM + "", maximum = FineTuneSpecs.MAX_CLIP_NORM + "") @Nullable
        Double clipNorm,

        @Schema(minimum = "1", maximum = FineTuneSpecs.MAX_EPOCHS + "") @Nullable
        Integer patience,

        // Left out of the fingerprint where it is absent, as it was before there was such a field.
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean mixedPrecision) {
    /// Everything by default.
    static final FineTuneRequest DEFAULT =
            new FineTuneRequest(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
}
