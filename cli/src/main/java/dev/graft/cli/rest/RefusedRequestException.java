package dev.graft.cli.rest;

import dev.graft.stack.ActionableException;

/// Says that a request is wrong in itself: the same one is always refused again.
public final class RefusedRequestException extends ActionableException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean aboutPicture;

    /// Describes a refusal.
    ///
    /// @param status       the status of the answer, 400 to 499
    /// @param aboutPicture whether the picture that was sent is at fault
    /// @param problem      what is wrong, one sentence
    /// @param remedy       what to do about it, one sentence
    public RefusedRequestException(int status, boolean aboutPicture, String problem, String remedy) {
        super(problem, remedy);
        this.status = status;
        this.aboutPicture = aboutPicture;
    }

    /// Returns whether the picture that was sent is at fault, not what was asked for with it.
    public boolean isAboutPicture() {
        return aboutPicture;
    }

    /// Gives the status of the answer.
    public int status() {
        return status;
    }
}
