package dev.graft.weightstore;

/// Says why a choice means no extractor that can be used. The message says, for the one who chose, what there is
/// instead. Trying again helps only after something was changed.
public final class UnusableChoiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// What is wrong.
    public enum Reason {
        /// There is no weight set of this name.
        BACKBONE_UNKNOWN,
        /// There is no such version of a model, or it was not fine-tuned.
        VERSION_UNUSABLE,
        /// The weights were not imported.
        WEIGHTS_ABSENT,
        /// The network has no layer of this name, or a row is to be pooled.
        LAYER_UNKNOWN,
        /// The layer gives more numbers than an embedding may have.
        LAYER_TOO_LARGE,
        /// The network does not take images of this size.
        INPUT_SIZE_UNSUPPORTED,
        /// The network is not computed in eight bits, or has no ranges for it.
        INT8_UNSUPPORTED,
        /// The ranges that embeddings were computed with are not kept.
        RANGES_LOST,
        /// The choice means another extractor than the one that computed the embeddings.
        OTHER_EXTRACTOR
    }

    UnusableChoiceException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /// Returns what is wrong.
    public Reason reason() {
        return reason;
    }

    /// Returns what the message says, which is always something.
    public String detail() {
        return String.valueOf(getMessage());
    }
}
