package dev.graft.cli.session;

import dev.graft.stack.ActionableException;

/// Says that a command did its work, but not for everything that it was given.
public final class PartialLossException extends ActionableException {
    private static final long serialVersionUID = 1L;

    /// The exit status of a command that ends so.
    public static final int EXIT_STATUS = 3;

    /// @param problem what was lost, one sentence
    /// @param remedy  what to do about it, one sentence
    public PartialLossException(String problem, String remedy) {
        super(problem, remedy);
    }
}
