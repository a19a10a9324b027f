package dev.graft.feature.extractor;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.UnusableChoiceException;

/// Says to clients why a choice means no extractor.
final class ChoiceProblems {
    private ChoiceProblems() {}

    static ProblemException of(UnusableChoiceException e) {
        return switch (e.reason()) {
            case BACKBONE_UNKNOWN -> new ProblemException(ProblemType.BACKBONE_NOT_FOUND, e.detail(), "backbone");
            case VERSION_UNUSABLE -> new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.detail(), "backbone");
            case WEIGHTS_ABSENT -> new ProblemException(ProblemType.WEIGHTS_ABSENT, e.detail(), "backbone");
            case LAYER_UNKNOWN -> new ProblemException(ProblemType.LAYER_NOT_FOUND, e.detail(), "layer");
            case LAYER_TOO_LARGE -> new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.detail(), "layer");
            case INPUT_SIZE_UNSUPPORTED ->
                new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.detail(), "inputSizePixels");
            case INT8_UNSUPPORTED -> new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.detail(), "precision");
            case RANGES_LOST, OTHER_EXTRACTOR -> new ProblemException(ProblemType.CONFLICT, e.detail(), "precision");
        };
    }
}
