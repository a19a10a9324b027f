package dev.graft.objectstore;

/// Says that a range is not wholly inside its object.
public final class ObjectRangeException extends ObjectStoreException {

    private static final long serialVersionUID = 1L;

    /// Names the object and the range.
    public ObjectRangeException(String key, long offsetBytes, int lengthBytes) {
        super("Object " + key + " has no " + lengthBytes + " bytes from " + offsetBytes + " on", null);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
