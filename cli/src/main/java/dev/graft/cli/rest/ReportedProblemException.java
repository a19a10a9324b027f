package dev.graft.cli.rest;

import dev.graft.stack.ActionableException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says what a service said is wrong.
public class ReportedProblemException extends ActionableException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String pointer;

    /// @param problem what is wrong, one sentence, in which the service's names of fields may occur
    /// @param remedy  what to do about it, one sentence
    /// @param pointer the field that is at fault, a JSON pointer into the request's body; null: none
    public ReportedProblemException(String problem, String remedy, @Nullable String pointer) {
        super(problem, remedy);
        this.pointer = pointer;
    }

    /// Gives the field that is at fault, a JSON pointer into the request's body.
    public Optional<String> pointer() {
        return Optional.ofNullable(pointer);
    }
}
