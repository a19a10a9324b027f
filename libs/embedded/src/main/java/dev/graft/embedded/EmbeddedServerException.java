package dev.graft.embedded;

import java.nio.file.Path;

/// Says that an embedded server could not start or did not obey.
public final class EmbeddedServerException extends RuntimeException {
    EmbeddedServerException(String server, Path directory, Throwable cause) {
        super("%s in %s could not start: %s".formatted(server, directory, cause.getMessage()), cause);
    }

    EmbeddedServerException(String server, Throwable cause) {
        super("%s: %s".formatted(server, cause.getMessage()), cause);
    }
}
