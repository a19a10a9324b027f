package dev.graft.weightstore;

import dev.graft.networks.Backbone;

/// Says that weights are known but are not here. The message says, for the one who chose them, where they
/// are to be had. Trying again helps only after that.
public final class AbsentWeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AbsentWeightsException(Backbone backbone) {
        super("The weights of %s are not here. %s".formatted(backbone.name(), remedy(backbone)));
    }

    private static String remedy(Backbone backbone) {
        if (backbone.tuned().isPresent()) {
            return "They were in the bundle of this version, which was deleted.";
        }
        String where = backbone.download().isPresent()
                ? "Pull them (./graft weights pull %s)".formatted(backbone.name())
                : "Their source, %s, has no safetensors file: convert them".formatted(backbone.source());
        return "%s, or import a file: PUT /v1/backbones/%s/weights of the feature service."
                .formatted(where, backbone.name());
    }

    /// Returns what the message says, which is always something.
    public String detail() {
        return String.valueOf(getMessage());
    }
}
