package dev.graft.stack;

/// Says to a user that something cannot be done, why, and what to do about it.
public class ActionableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /// @param problem what is wrong, one sentence
    /// @param remedy  what to do about it, one sentence
    public ActionableException(String problem, String remedy) {
        super(problem);
        this.remedy = remedy;
    }

    /// @param cause what was caught
    public ActionableException(String problem, String remedy, Throwable cause) {
        super(problem, cause);
        this.remedy = remedy;
    }

    /// Gives what is wrong.
    public final String problem() {
        return String.valueOf(getMessage());
    }

    /// Gives what to do about it.
    public final String remedy() {
        return remedy;
    }
}
