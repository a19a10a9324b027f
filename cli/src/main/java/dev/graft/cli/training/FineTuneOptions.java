package dev.graft.cli.training;

import dev.graft.cli.rest.FineTuneRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that only fine-tuning has; what is not chosen, the trainer service chooses.
public final class FineTuneOptions {
    @Option(
            names = "--fine-tune",
            paramLabel = "STAGE",
            split = ",",
            description =
                    "Stages, layers or patterns of ./graft summary to train once the head has converged, or all. --optimizer, --learning-rate, --epochs and --batch-size are then the fine-tuning's.")
    private @Nullable List<String> stages;

    @Option(
            names = "--joint",
            description =
                    "Let the head begin anew and learn together with the stages; it is trained alone all the same, for comparison.")
    private boolean joint;

    @Option(
            names = "--head-learning-rate",
            paramLabel = "X",
            description = "The learning rate of the head before the fine-tuning; not with lbfgs.")
    private @Nullable Double headLearningRate;

    @Option(
            names = "--layer-decay",
            paramLabel = "X",
            description =
                    "What the learning rate is multiplied by from stage to stage towards the input; 0.7 by default.")
    private @Nullable Double layerDecay;

    @Option(
            names = "--schedule",
            paramLabel = "S",
            description = "How the learning rate goes on: cosine, the default, constant, one-cycle or step.")
    private @Nullable String schedule;

    @Option(
            names = "--warm-up",
            paramLabel = "EPOCHS",
            description = "Epochs in which the learning rate rises; 1 by default, for one-cycle none.")
    private @Nullable Double warmUpEpochs;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Pull of weights towards zero; 0.01 by default.")
    private @Nullable Double weightDecay;

    @Option(names = "--momentum", paramLabel = "X", description = "Of sgd and rmsprop; 0.9 by default.")
    private @Nullable Double momentum;

    @Option(
            names = "--label-smoothing",
            paramLabel = "P",
            description = "Fraction of each target that goes to all classes alike; 0.1 by default.")
    private @Nullable Double labelSmoothing;

    @Option(
            names = "--clip-norm",
            paramLabel = "X",
            description = "The greatest norm of all gradients together; 5 by default.")
    private @Nullable Double clipNorm;

    @Option(
            names = "--patience",
            paramLabel = "EPOCHS",
            description = "Epochs without a better one after which the fine-tuning ends; 4 by default.")
    private @Nullable Integer patience;

    @Option(
            names = "--mixed-precision",
            description =
                    "Differentiate in bfloat16, for processors and CUDA devices that compute in it; parameters and their steps stay float32.")
    private boolean mixedPrecision;

    @Option(
            names = "--augment",
            paramLabel = "SPEC",
            description =
                    "How pictures are varied meanwhile: light, classic, or KEY=VALUE,KEY,… as ./graft augment draws it; none by default. Without --fine-tune the head alone learns from varied pictures once it has converged, with the same options.")
    private @Nullable String augment;

    @Option(
            names = "--augment-variants",
            paramLabel = "K",
            description =
                    "Compute so many variants of each picture once, which epochs see in turn; by default each epoch sees another.")
    private @Nullable Integer augmentVariants;

    /// Returns the stages to train; null where nothing is fine-tuned.
    @Nullable
    List<String> stages() {
        return stages;
    }

    /// Returns whether a training in steps follows that of the head: stages are named, or pictures are varied.
    boolean areWanted() {
        return stages != null || (augment != null && !augment.equals("none"));
    }

    /// Returns the learning rate of the head.
    @Nullable
    Double headLearningRate() {
        return headLearningRate;
    }

    /// Returns how pictures are varied.
    @Nullable
    String augment() {
        return augment;
    }

    /// Returns how many variants of each picture there are.
    @Nullable
    Integer augmentVariants() {
        return augmentVariants;
    }

    /// Joins these with the options that fine-tuning shares with the training of a head.
    ///
    /// @return null where nothing is chosen
    @Nullable
    FineTuneRequest request(
            @Nullable String optimizer,
            @Nullable Integer epochs,
            @Nullable Integer batchSize,
            @Nullable Double learningRate) {
        FineTuneRequest request = new FineTuneRequest(
                joint ? Boolean.TRUE : null,
                optimizer,
                epochs,
                batchSize,
                learningRate,
                layerDecay,
                schedule,
                warmUpEpochs,
                weightDecay,
                momentum,
                labelSmoothing,
                clipNorm,
                patience,
                mixedPrecision ? Boolean.TRUE : null);
        return request.choosesNothing() ? null : request;
    }
}
