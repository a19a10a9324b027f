package dev.graft.weightstore;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.networks.PreprocessingForm;
import dev.graft.vision.Preprocessing;
import dev.graft.weightstore.RefusedWeightsException.Reason;

/// An entry of the register, as it is stored.
///
/// @param name `architecture.tag`
/// @param sha256 digest of the file, lower-case hex
/// @param sizeBytes size of the file
@JsonIgnoreProperties(ignoreUnknown = true)
record RegisteredWeights(
        String name,
        String sha256,
        long sizeBytes,
        @JsonUnwrapped PreprocessingForm preprocessing) {
    /// Checks that nothing is missing; whether it can be used is seen when it is.
    RegisteredWeights {
        requireNonNull(name);
        requireNonNull(sha256);
        requireNonNull(preprocessing.interpolation());
    }

    static RegisteredWeights of(String name, String sha256, long sizeBytes, Preprocessing recipe) {
        return new RegisteredWeights(name, sha256, sizeBytes, PreprocessingForm.of(recipe));
    }

    /// Checks that the register has these weights under their name.
    ///
    /// @param registered the entry of this name
    /// @throws RefusedWeightsException `NAME_TAKEN` when it is another
    void requireSame(RegisteredWeights registered) {
        if (!equals(registered)) {
            throw new RefusedWeightsException(
                    Reason.NAME_TAKEN,
                    "There is a weight set %s with other weights or another recipe. Choose another tag."
                            .formatted(name));
        }
    }

    /// Gives the recipe.
    ///
    /// @throws IllegalArgumentException when it is none that this release knows
    Preprocessing recipe() {
        return preprocessing.recipe();
    }
}
