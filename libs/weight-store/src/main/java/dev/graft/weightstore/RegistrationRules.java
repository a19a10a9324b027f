package dev.graft.weightstore;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.architecture.Architectures;
import dev.graft.vision.Preprocessing;
import dev.graft.weightstore.RefusedWeightsException.Reason;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a weight set may be called, how its images are prepared, and which file a published one is.
///
/// @param catalogue the weight sets that there are
record RegistrationRules(Catalogue catalogue) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+(\\.[A-Za-z0-9_-]+)+");
    private static final int MAX_NAME_LENGTH = 100;

    /// Checks the name of a weight set and finds how images are prepared for it.
    ///
    /// @param name `architecture.tag`
    /// @param like the weight set or architecture whose recipe is wanted; absent: that of this name, or else of the
    ///     architecture's first
    /// @throws RefusedWeightsException when the name is none, its architecture is unknown, the recipe is unknown
    ///     or does not fit, or the weight set of this name has another
    Preprocessing recipe(String name, @Nullable String like) {
        if (name.length() > MAX_NAME_LENGTH || !NAME.matcher(name).matches()) {
            throw new RefusedWeightsException(
                    Reason.NAME_INVALID,
                    "A weight set is named ARCHITECTURE.TAG, of letters, digits, '_' and '-', not '%s'."
                            .formatted(name));
        }
        String architecture = Backbone.architectureOf(name);
        if (!Architectures.names().contains(architecture)) {
            throw new RefusedWeightsException(
                    Reason.ARCHITECTURE_UNKNOWN,
                    "There is no architecture %s. There are: %s."
                            .formatted(architecture, String.join(", ", Architectures.names())));
        }
        Optional<Preprocessing> own = catalogue.find(name).map(Backbone::preprocessing);
        Optional<Preprocessing> chosen = like == null
                ? own.or(() -> catalogue.recipe(architecture))
                : catalogue.find(like).map(Backbone::preprocessing).or(() -> catalogue.recipe(like));
        Preprocessing recipe = chosen.orElseThrow(() -> new RefusedWeightsException(
                Reason.RECIPE_UNKNOWN, "There is no weight set %s whose recipe could be used.".formatted(like)));
        if (own.isPresent() && !own.get().equals(recipe)) {
            throw new RefusedWeightsException(
                    Reason.NAME_TAKEN,
                    "Pictures are not prepared for %s as for %s. Give this file a tag of its own."
                            .formatted(name, like));
        }
        try {
            Architectures.named(architecture).withInputSize(recipe.inputSizePixels());
            return recipe;
        } catch (IllegalArgumentException e) {
            throw new RefusedWeightsException(
                    Reason.RECIPE_UNKNOWN,
                    "%s does not take pictures of %d pixels, as %s does."
                            .formatted(architecture, recipe.inputSizePixels(), like));
        }
    }

    /// Checks that a file is the published one where the name is that of a published weight set whose digest is known.
    ///
    /// @throws RefusedWeightsException `NAME_TAKEN` when it is another
    static void requirePublished(String name, String sha256) {
        Optional<String> published = Catalogue.standard()
                .find(name)
                .filter(one -> one.name().equals(name))
                .flatMap(Backbone::sha256);
        if (published.isPresent() && !published.get().equals(sha256)) {
            throw new RefusedWeightsException(
                    Reason.NAME_TAKEN,
                    "The published file of %s has the SHA-256 %s, this one has %s. Give it a tag of its own."
                            .formatted(name, published.get(), sha256));
        }
    }
}
