package dev.graft.problem;

import org.jspecify.annotations.Nullable;

/// Ends a request with a problem.
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    /// Makes an exception of a catalogued kind; `detail` is read by clients.
    public ProblemException(ProblemType type, String detail) {
        this(Problem.of(type, detail));
    }

    /// Makes an exception about one part of the request: a JSON pointer into the body, or a query parameter's name.
    public ProblemException(ProblemType type, String detail, String pointer) {
        this(Problem.of(type, detail, pointer));
    }

    /// Makes an exception of a catalogued kind with the cause that only the log contains.
    public ProblemException(ProblemType type, String detail, Throwable cause) {
        this(Problem.of(type, detail), cause);
    }

    /// Passes on a problem, for example one that another service sent.
    public ProblemException(Problem problem) {
        this(problem, null);
    }

    private ProblemException(Problem problem, @Nullable Throwable cause) {
        super(problem.detail() == null ? problem.title() : problem.detail(), cause);
        this.problem = problem;
    }

    /// Gives what clients receive.
    public Problem problem() {
        return problem;
    }
}
