package dev.graft.trainer.run;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What is to be trained. Only the dataset is needed.
///
/// @param datasetVersion a frozen version; absent: what the dataset holds now, frozen
/// @param model          the model's name; absent: the dataset's
/// @param backbone       weight set; absent: the default one
/// @param layer          where the features are taken; absent: the pooled features
/// @param inputSize      side of the input in pixels; absent: the weight set's own
/// @param precision      `f32` (default) or `int8`
/// @param head           `linear` (default), `sigmoid` or `mlp:UNITS[,UNITS]`
/// @param dropout        0 (default) to below 1; not with L-BFGS
/// @param optimizer      `lbfgs` (default for one layer), `adam`, `adamw` (default for mlp) or `sgd`
/// @param learningRate   default 0.001, for sgd 0.01; not with L-BFGS
/// @param epochs         at most so many; default 100, for L-BFGS 500 steps
/// @param batchSize      default 64; not with L-BFGS
/// @param classWeights   `none` (default) or `balanced`
/// @param seed           decides everything that is drawn; default 0
/// @param testFraction   share of every class to evaluate on when the dataset has no part for it; default 0.2
/// @param fineTune       stages to unfreeze; refused, for it is not available yet
/// @param augment        augmentation; refused, for it is not available yet
/// @param promote        put the model version into production
@Schema(examples = """
        {"dataset": "flowers", "head": "linear", "seed": 7, "promote": true}""")
public record TrainingRunRequest(
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
        @Nullable String augment,
        @Nullable Boolean promote) {}
