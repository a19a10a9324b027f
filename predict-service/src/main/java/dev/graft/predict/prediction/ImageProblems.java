package dev.graft.predict.prediction;

import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import dev.graft.vision.UndecodableImageException;

/// Says to clients why a file is refused.
final class ImageProblems {
    private ImageProblems() {}

    static Problem of(UndecodableImageException refusal) {
        ProblemType type = switch (refusal.reason()) {
            case EMPTY -> ProblemType.IMAGE_EMPTY;
            case UNSUPPORTED_FORMAT -> ProblemType.IMAGE_FORMAT_UNSUPPORTED;
            case UNSUPPORTED_VARIANT -> ProblemType.IMAGE_VARIANT_UNSUPPORTED;
            case TOO_MANY_BYTES -> ProblemType.IMAGE_TOO_LARGE;
            case TOO_MANY_PIXELS -> ProblemType.IMAGE_TOO_MANY_PIXELS;
            case TOO_MUCH_MEMORY -> ProblemType.IMAGE_TOO_MUCH_MEMORY;
            case TRUNCATED -> ProblemType.IMAGE_TRUNCATED;
            case CORRUPT -> ProblemType.IMAGE_CORRUPT;
        };
        return Problem.of(type, String.valueOf(refusal.getMessage()));
    }
}
