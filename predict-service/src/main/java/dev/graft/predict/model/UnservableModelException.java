package dev.graft.predict.model;

import org.jspecify.annotations.Nullable;

/// Says that a model version can never be served: its bundle is incomplete or damaged, or its network does not answer
/// as it did when it was trained.
final class UnservableModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnservableModelException(String reason) {
        this(reason, null);
    }

    UnservableModelException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
