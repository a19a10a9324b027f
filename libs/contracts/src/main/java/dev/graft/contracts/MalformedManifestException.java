package dev.graft.contracts;

import org.jspecify.annotations.Nullable;

/// Says that a line of a manifest is no entry. A retry does not help.
public final class MalformedManifestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long line;

    /// Makes an exception; `fault` says what is wrong with the line.
    MalformedManifestException(long line, String fault, @Nullable Throwable cause) {
        super("line %d of a manifest %s".formatted(line, fault), cause);
        this.line = line;
    }

    /// Gives the line's number, from 1.
    public long line() {
        return line;
    }
}
