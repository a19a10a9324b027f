package dev.graft.cli.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

/// Says that a file did not arrive to its end; trying again may help.
final class CutConnectionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration silent;

    /// @param silent how long the server had sent nothing when it was given up
    CutConnectionException(IOException cause, Duration silent) {
        super(cause);
        this.silent = silent;
    }

    CutConnectionException(IOException cause) {
        this(cause, Duration.ZERO);
    }

    /// Gives how long the server had sent nothing; zero when the connection ended in another way.
    Duration silent() {
        return silent;
    }

    /// Says in words what happened: what the innermost cause says.
    String reason() {
        Throwable innermost = Stream.iterate(getCause(), Objects::nonNull, Throwable::getCause)
                .reduce((_, inner) -> inner)
                .orElse(this);
        String words = innermost.getMessage();
        return words == null ? "no reason is known" : words;
    }
}
