package dev.graft.weightstore;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.graft.vision.Interpolation;
import dev.graft.vision.Preprocessing;
import dev.graft.weightstore.RefusedWeightsException.Reason;
import java.util.List;
import java.util.Locale;

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
        int inputSizePixels,
        double cropFraction,
        String interpolation,
        List<Double> mean,
        List<Double> std) {
    /// Checks that nothing is missing; whether it can be used is seen when it is.
    RegisteredWeights {
        requireNonNull(name);
        requireNonNull(sha256);
        requireNonNull(interpolation);
        mean = List.copyOf(mean);
        std = List.copyOf(std);
    }

    static RegisteredWeights of(String name, String sha256, long sizeBytes, Preprocessing recipe) {
        return new RegisteredWeights(
                name,
                sha256,
                sizeBytes,
                recipe.inputSizePixels(),
                recipe.cropFraction(),
                recipe.interpolation().name().toLowerCase(Locale.ROOT),
                recipe.mean(),
                recipe.std());
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
    Preprocessing preprocessing() {
        return new Preprocessing(
                inputSizePixels,
                cropFraction,
                Interpolation.valueOf(interpolation.toUpperCase(Locale.ROOT)),
                mean,
                std);
    }
}
