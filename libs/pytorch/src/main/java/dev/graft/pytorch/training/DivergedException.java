package dev.graft.pytorch.training;

/// Says that a training left the finite numbers, or grew beyond a bound. Where a number is not finite, the parameters
/// are as they were before the step. A smaller learning rate may help, another try does not.
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Makes an exception.
    ///
    /// @param what has happened, for a person
    public DivergedException(String what) {
        super(what + "; a smaller learning rate may help");
    }
}
