package dev.graft.weightstore;

/// Says why a file is not registered as a weight set. Trying again does not help. A file that breaks a rule of
/// its format or does not fit its architecture is refused by a
/// [dev.graft.networks.weights.MalformedWeightsException] instead.
public final class RefusedWeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// What is wrong.
    public enum Reason {
        /// The name is not of the form `architecture.tag`.
        NAME_INVALID,
        /// The name begins with no known architecture.
        ARCHITECTURE_UNKNOWN,
        /// The weight set whose recipe was wanted does not exist, or its recipe does not fit the architecture.
        RECIPE_UNKNOWN,
        /// The name belongs to other weights.
        NAME_TAKEN,
        /// The file is larger than is allowed.
        TOO_LARGE
    }

    RefusedWeightsException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /// Returns what is wrong.
    public Reason reason() {
        return reason;
    }
}
