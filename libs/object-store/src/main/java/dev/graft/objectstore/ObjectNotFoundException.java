package dev.graft.objectstore;

/// Says that no object has this key.
public final class ObjectNotFoundException extends ObjectStoreException {

    private static final long serialVersionUID = 1L;

    /// Names the key.
    public ObjectNotFoundException(String key) {
        super("No object has the key " + key, null);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
