package dev.graft.backbones.weights;

/// Says that weights cannot be used, and which rule they break. Trying again does not help.
public final class MalformedWeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Malformation malformation;

    /// Makes an exception whose message names the rule and tells where it is broken.
    ///
    /// @param malformation the rule
    /// @param detail what was found, for a person
    public MalformedWeightsException(Malformation malformation, String detail) {
        super(malformation + ": " + detail);
        this.malformation = malformation;
    }

    /// Returns the rule that is broken.
    public Malformation malformation() {
        return malformation;
    }
}
