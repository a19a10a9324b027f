package dev.graft.trainer.embedding;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.networks.weights.Safetensors;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.AbsentWeightsException;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.UnusableChoiceException;
import dev.graft.weightstore.WeightStore;
import java.io.IOException;

/// Finds the extractors of runs, and says to users why there is none.
public final class Extractors {
    private static final String RELEASE = " Train again; both services must be of one release.";

    private Extractors() {}

    /// Finds the extractor that a choice means now.
    ///
    /// @throws ProblemException `BACKBONE_NOT_FOUND`, `WEIGHTS_ABSENT`, `LAYER_NOT_FOUND` or `SETTING_UNSUPPORTED`
    public static ChosenExtractor chosen(WeightStore weights, ExtractorChoice choice) {
        try {
            return ChosenExtractor.of(weights, choice);
        } catch (UnusableChoiceException e) {
            throw problem(e);
        }
    }

    /// Finds the extractor that a choice meant when embeddings were computed.
    ///
    /// @param digest the extractor's that computed them
    /// @throws ProblemException `TRAINING_FAILED` when it is another one, or its ranges are lost; or as
    ///     [#chosen(WeightStore, ExtractorChoice)]
    public static ChosenExtractor chosen(WeightStore weights, ExtractorChoice choice, String digest) {
        try {
            return ChosenExtractor.of(weights, choice, digest);
        } catch (UnusableChoiceException e) {
            throw problem(e);
        }
    }

    /// Opens the weights of an extractor, which the caller closes.
    ///
    /// @throws ProblemException `WEIGHTS_ABSENT` when they are gone; `WEIGHTS_UNAVAILABLE` when they cannot
    ///     be fetched now
    public static Safetensors weights(WeightStore weights, ChosenExtractor extractor) {
        try {
            return weights.open(extractor.backbone(), extractor.identity().weightsSha256());
        } catch (AbsentWeightsException e) {
            throw new ProblemException(ProblemType.WEIGHTS_ABSENT, e.detail(), "/backbone");
        } catch (IOException e) {
            throw new ProblemException(
                    ProblemType.WEIGHTS_UNAVAILABLE,
                    "The weights of %s cannot be read now."
                            .formatted(extractor.backbone().name()),
                    e);
        }
    }

    private static ProblemException problem(UnusableChoiceException e) {
        return switch (e.reason()) {
            case BACKBONE_UNKNOWN -> new ProblemException(ProblemType.BACKBONE_NOT_FOUND, e.detail(), "/backbone");
            case VERSION_UNUSABLE -> new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.detail(), "/backbone");
            case WEIGHTS_ABSENT -> new ProblemException(ProblemType.WEIGHTS_ABSENT, e.detail(), "/backbone");
            case LAYER_UNKNOWN -> new ProblemException(ProblemType.LAYER_NOT_FOUND, e.detail(), "/layer");
            case LAYER_TOO_LARGE -> new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.detail(), "/layer");
            case INPUT_SIZE_UNSUPPORTED ->
                new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.detail(), "/inputSize");
            case INT8_UNSUPPORTED -> new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.detail(), "/precision");
            case RANGES_LOST, OTHER_EXTRACTOR ->
                new ProblemException(ProblemType.TRAINING_FAILED, e.detail() + RELEASE);
        };
    }
}
