package dev.graft.trainer.finetune;

/// Says that an image of the dataset is not in object storage any more, or cannot be decoded.
public final class UnusableImageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
