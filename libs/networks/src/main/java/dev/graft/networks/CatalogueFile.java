package dev.graft.networks;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.vision.Preprocessing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The form of `catalogue.json`: what is published about weight sets, and the recipes of architectures for
/// which no weights are published.
record CatalogueFile(List<WeightSet> weightSets, List<Recipe> recipes) {
    private static final String RESOURCE = "catalogue.json";

    record WeightSet(
            String name,
            String source,
            @Nullable URI download,
            String license,
            @Nullable String sha256,
            @JsonUnwrapped PreprocessingForm preprocessing,
            int featureDimension,
            long parameters,
            long multiplyAdds,
            long sizeBytes,
            @Nullable Double top1,
            @Nullable Double top5) {
        Backbone toBackbone() {
            return new Backbone(
                    name,
                    source,
                    Optional.ofNullable(download),
                    license,
                    Optional.ofNullable(sha256),
                    preprocessing.recipe(),
                    featureDimension,
                    parameters,
                    multiplyAdds,
                    sizeBytes,
                    top1 == null || top5 == null ? Optional.empty() : Optional.of(new Backbone.Accuracy(top1, top5)),
                    Optional.empty());
        }
    }

    record Recipe(String architecture, @JsonUnwrapped PreprocessingForm preprocessing) {}

    static Catalogue read() {
        try (InputStream in = CatalogueFile.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the catalogue is missing from this build");
            }
            return new ObjectMapper()
                    .readValue(in, new TypeReference<CatalogueFile>() {})
                    .toCatalogue();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the catalogue", e);
        }
    }

    private Catalogue toCatalogue() {
        Map<String, Preprocessing> byArchitecture = new LinkedHashMap<>();
        recipes.forEach(recipe ->
                byArchitecture.put(recipe.architecture(), recipe.preprocessing().recipe()));
        return new Catalogue(weightSets.stream().map(WeightSet::toBackbone).toList(), byArchitecture);
    }
}
