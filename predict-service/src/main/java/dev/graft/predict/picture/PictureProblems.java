package dev.graft.predict.picture;

import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import dev.graft.vision.UndecodablePictureException;

/// Says to clients why a file is refused.
final class PictureProblems {
    private PictureProblems() {}

    static Problem of(UndecodablePictureException refusal) {
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
