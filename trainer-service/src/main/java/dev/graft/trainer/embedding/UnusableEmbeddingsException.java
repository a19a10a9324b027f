package dev.graft.trainer.embedding;

/// Says that stored embeddings are not what they should be; trying again does not help.
public final class UnusableEmbeddingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableEmbeddingsException(String message) {
        super(message);
    }

    UnusableEmbeddingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
