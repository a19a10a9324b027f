package dev.graft.networks;

import dev.graft.vision.Interpolation;
import dev.graft.vision.Preprocessing;
import java.util.List;

/// The JSON form of a [Preprocessing], in the catalogue and wherever weight sets are stored. `model.json` has a form
/// of its own: it is a contract with readers outside of this project, in a module for Java 17 that needs no other, and
/// names the side `inputSize`, as the REST interface does.
///
/// @param interpolation `bilinear` or `bicubic`
public record PreprocessingForm(
        int inputSizePixels, double cropFraction, String interpolation, List<Double> mean, List<Double> std) {
    /// Copies the lists.
    public PreprocessingForm {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
    }

    /// Writes a recipe.
    public static PreprocessingForm of(Preprocessing recipe) {
        return new PreprocessingForm(
                recipe.inputSizePixels(),
                recipe.cropFraction(),
                recipe.interpolation().wireName(),
                recipe.mean(),
                recipe.std());
    }

    /// Reads the recipe.
    ///
    /// @throws IllegalArgumentException when it is none that this release knows
    public Preprocessing recipe() {
        return new Preprocessing(inputSizePixels, cropFraction, Interpolation.named(interpolation), mean, std);
    }
}
