package dev.graft.feature.extractor;

import dev.graft.contracts.ModelVersionName;
import dev.graft.networks.weights.Malformation;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.RefusedWeightsException;

/// Says to clients what is wrong with weights.
final class WeightProblems {
    private WeightProblems() {}

    /// Says that stored weights do not give the layer that is wanted.
    static ProblemException unfit(KnownExtractor extractor, MalformedWeightsException e) {
        String detail = e.malformation() == Malformation.MISSING_TENSOR
                ? "The weights of %s do not reach to layer %s: %s."
                        .formatted(extractor.backbone(), extractor.layer(), e.getMessage())
                : "The weights of %s are damaged. %s"
                        .formatted(
                                extractor.backbone(),
                                ModelVersionName.isMeantBy(extractor.backbone())
                                        ? "Train the model again, and take its new version."
                                        : "Import them again.");
        return new ProblemException(ProblemType.WEIGHTS_INVALID, detail, e);
    }

    /// Says that an engine does not take a network.
    static ProblemException unopenable(KnownExtractor extractor, Throwable cause) {
        boolean refusal = cause instanceof IllegalArgumentException || cause instanceof IllegalStateException;
        String detail = refusal && cause.getMessage() != null
                ? "%s cannot be computed here: %s.".formatted(extractor.backbone(), cause.getMessage())
                : "%s cannot be loaded here; the log of the feature service says why.".formatted(extractor.backbone());
        return new ProblemException(ProblemType.EMBEDDING_FAILED, detail, cause);
    }

    /// Says that a file does not hold the weights that it should.
    static ProblemException invalid(MalformedWeightsException e) {
        return new ProblemException(ProblemType.WEIGHTS_INVALID, "The file is refused: %s.".formatted(e.getMessage()));
    }

    /// Says that a file is not taken.
    static ProblemException refused(RefusedWeightsException e) {
        String detail = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case NAME_INVALID -> new ProblemException(ProblemType.INVALID_REQUEST, detail, "name");
            case ARCHITECTURE_UNKNOWN -> new ProblemException(ProblemType.BACKBONE_NOT_FOUND, detail, "name");
            case RECIPE_UNKNOWN -> new ProblemException(ProblemType.BACKBONE_NOT_FOUND, detail, "like");
            case NAME_TAKEN -> new ProblemException(ProblemType.CONFLICT, detail, "name");
            case TOO_LARGE -> new ProblemException(ProblemType.CONTENT_TOO_LARGE, detail);
        };
    }
}
