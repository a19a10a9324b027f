package dev.graft.feature.extractor;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.networks.Backbone;
import dev.graft.networks.network.Network;
import dev.graft.vision.Preprocessing;
import dev.graft.weightstore.Availability;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Describes a weight set to clients.
///
/// @param source           where the weights were published, for people
/// @param download         their safetensors file, where there is one
/// @param sha256           of that file, or of the one that is here
/// @param shortSidePixels  to which an image's short side is resized before the middle of it is cut out
/// @param defaultLayer     where features are taken when nothing else is asked for
/// @param featureDimension how many features that layer gives
/// @param featureMap       shape of the last map, `[channels, height, width]` of most networks
/// @param multiplyAdds     for one image of the weight set's own size
/// @param sizeBytes        of the tensors
/// @param depth            greatest number of convolutions and matrices that follow each other
/// @param top1             per cent of ImageNet's validation images; absent when it is not known
/// @param weights          `bundled`, `present`, `downloadable` or `import-needed`
/// @param isDefault        whether it is used when nothing else is asked for
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackboneView(
        String name,
        String architecture,
        String source,
        @Nullable URI download,
        String license,
        @Nullable String sha256,
        int inputSizePixels,
        int shortSidePixels,
        double cropFraction,
        String interpolation,
        List<Double> mean,
        List<Double> std,
        String defaultLayer,
        int featureDimension,
        List<Integer> featureMap,
        long parameters,
        long multiplyAdds,
        long sizeBytes,
        int depth,
        @Nullable Double top1,
        @Nullable Double top5,
        String weights,
        boolean isDefault) {

    static BackboneView of(Backbone backbone, Availability availability, boolean isDefault) {
        Preprocessing recipe = backbone.preprocessing();
        Network network = backbone.network();
        return new BackboneView(
                backbone.name(),
                backbone.architecture(),
                backbone.source(),
                backbone.download().orElse(null),
                backbone.license(),
                backbone.sha256().orElse(null),
                recipe.inputSizePixels(),
                recipe.shortSidePixels(),
                recipe.cropFraction(),
                recipe.interpolation().wireName(),
                recipe.mean(),
                recipe.std(),
                backbone.defaultLayer().toString(),
                backbone.featureDimension(),
                network.shape(network.featureMap()).dimensions(),
                backbone.parameters(),
                backbone.multiplyAdds(),
                backbone.sizeBytes(),
                network.depth(),
                backbone.accuracy().map(Backbone.Accuracy::top1).orElse(null),
                backbone.accuracy().map(Backbone.Accuracy::top5).orElse(null),
                availability.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                isDefault);
    }
}
