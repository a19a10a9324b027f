package dev.graft.cli.rest;

import dev.graft.stack.ActionableException;

/// Says that a request is wrong in itself: the same one is refused again, whoever asks and whenever.
public final class RefusedRequestException extends ActionableException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /// @param status  the status of the answer, 400 to 499
    /// @param problem what is wrong, one sentence
    /// @param remedy  what to do about it, one sentence
    public RefusedRequestException(int status, String problem, String remedy) {
        super(problem, remedy);
        this.status = status;
    }

    /// Gives the status of the answer.
    public int status() {
        return status;
    }
}
