package dev.graft.objectstore;

import org.jspecify.annotations.Nullable;

/// What can go wrong with an object store. [#retryable()] divides faults that pass from faults that stay.
public abstract sealed class ObjectStoreException extends RuntimeException
        permits ObjectNotFoundException,
                ObjectRangeException,
                ObjectTooLargeException,
                ObjectStoreRefusedException,
                ObjectStoreUnavailableException {

    private static final long serialVersionUID = 1L;

    ObjectStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Says whether the same call may succeed later without anybody changing anything.
    public abstract boolean retryable();
}
