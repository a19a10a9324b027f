package dev.graft.objectstore;

/// Says that an object is larger than its reader accepts.
public final class ObjectTooLargeException extends ObjectStoreException {

    private static final long serialVersionUID = 1L;

    /// Names the object and the limit.
    public ObjectTooLargeException(String key, long maxSizeBytes) {
        super("Object " + key + " is larger than " + maxSizeBytes + " bytes", null);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
