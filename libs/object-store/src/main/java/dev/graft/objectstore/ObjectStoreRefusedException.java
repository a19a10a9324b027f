package dev.graft.objectstore;

import org.jspecify.annotations.Nullable;

/// Says that the store answered and refuses: wrong credentials, no such bucket, a request it does not take. A person
/// must act.
public final class ObjectStoreRefusedException extends ObjectStoreException {

    private static final long serialVersionUID = 1L;

    /// Says what was refused and why.
    public ObjectStoreRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
