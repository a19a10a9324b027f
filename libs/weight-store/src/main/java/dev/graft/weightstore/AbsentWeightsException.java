package dev.graft.weightstore;

/// Says that a weight set is known but its weights are not here. Trying again helps only after they were
/// imported.
public final class AbsentWeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AbsentWeightsException(String backbone) {
        super("The weights of %s are not here. Pull or import them first.".formatted(backbone));
    }
}
