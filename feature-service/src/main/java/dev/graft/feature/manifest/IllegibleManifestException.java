package dev.graft.feature.manifest;

import org.jspecify.annotations.Nullable;

/// Says that a manifest is not there or is none. Trying again does not help.
public final class IllegibleManifestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IllegibleManifestException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }

    /// Says what is wrong, in a sentence for clients.
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
