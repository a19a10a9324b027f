package dev.graft.predict.model;

import dev.graft.contracts.ModelCard;
import dev.graft.vision.Interpolation;
import dev.graft.vision.Preprocessing;

/// Reads the recipe of a card.
final class Recipes {
    private Recipes() {}

    /// @throws UnservableModelException when the card's recipe is none that this release knows
    static Preprocessing of(ModelCard.Preprocessing recipe) {
        try {
            return new Preprocessing(
                    recipe.inputSize(),
                    recipe.cropFraction(),
                    Interpolation.named(recipe.interpolation()),
                    recipe.mean(),
                    recipe.std());
        } catch (IllegalArgumentException e) {
            throw new UnservableModelException("model.json's preprocessing is not known: " + e.getMessage(), e);
        }
    }
}
