package dev.graft.objectstore;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What can go wrong with an object store. [#retryable()] divides faults that pass from faults that stay.
public abstract sealed class ObjectStoreException extends RuntimeException
        permits ObjectNotFoundException,
                ObjectRangeException,
                ObjectTooLargeException,
                ObjectStoreRefusedException,
                ObjectStoreUnavailableException {

    private static final long serialVersionUID = 1L;

    /// No fault of ours lies deeper, and a circle of causes ends.
    private static final int MAX_CAUSES = 20;

    ObjectStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Says whether the same call may succeed later without anybody changing anything.
    public abstract boolean retryable();

    /// Returns whether an exception, or one behind it, says that the store is away: it does not answer, or
    /// refuses this service until a person has acted. What is said of a single object, such as that there is
    /// none, is no such fault: it would be said again.
    public static boolean isAway(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
                .limit(MAX_CAUSES)
                .anyMatch(cause -> cause instanceof ObjectStoreUnavailableException
                        || cause instanceof ObjectStoreRefusedException);
    }
}
