package dev.graft.objectstore;

import org.jspecify.annotations.Nullable;

/// Says that the store does not answer, or only with faults of its own.
public final class ObjectStoreUnavailableException extends ObjectStoreException {

    private static final long serialVersionUID = 1L;

    /// Says what was tried and what went wrong last.
    public ObjectStoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
