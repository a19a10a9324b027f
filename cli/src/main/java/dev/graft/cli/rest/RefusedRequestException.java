package dev.graft.cli.rest;

import org.jspecify.annotations.Nullable;

/// Says that a request is wrong in itself: the same one is always refused again.
public final class RefusedRequestException extends ReportedProblemException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean aboutImage;

    /// Describes a refusal.
    ///
    /// @param status       the status of the answer, 400 to 499
    /// @param aboutImage whether the image that was sent is at fault
    /// @param problem      what is wrong, one sentence
    /// @param remedy       what to do about it, one sentence
    /// @param pointer      the field that is at fault, a JSON pointer into the request's body; null: none
    public RefusedRequestException(
            int status, boolean aboutImage, String problem, String remedy, @Nullable String pointer) {
        super(problem, remedy, pointer);
        this.status = status;
        this.aboutImage = aboutImage;
    }

    /// Returns whether the image that was sent is at fault, not what was asked for with it.
    public boolean isAboutImage() {
        return aboutImage;
    }

    /// Gives the status of the answer.
    public int status() {
        return status;
    }
}
