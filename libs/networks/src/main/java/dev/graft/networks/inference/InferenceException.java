package dev.graft.networks.inference;

/// Says that a model cannot be loaded or that a forward pass failed in the native library.
public final class InferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Makes an exception.
    ///
    /// @param message what was tried
    /// @param cause what the native library said
    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
