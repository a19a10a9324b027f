package dev.graft.feature.extractor;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.backbones.Backbone;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Describes a weight set to clients.
///
/// @param defaultLayer   where features are taken when nothing else is asked for
/// @param multiplyAdds   for one picture of the weight set's own size
/// @param top1           per cent of ImageNet's validation pictures
/// @param isDefault      whether it is used when nothing else is asked for
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackboneView(
        String name,
        String architecture,
        String source,
        String license,
        @Nullable String sha256,
        int inputSizePixels,
        double cropFraction,
        String interpolation,
        List<Double> mean,
        List<Double> std,
        String defaultLayer,
        int featureDimension,
        long parameters,
        long multiplyAdds,
        long sizeBytes,
        double top1,
        double top5,
        boolean isDefault) {

    static BackboneView of(Backbone backbone, boolean isDefault) {
        return new BackboneView(
                backbone.name(),
                backbone.architecture(),
                backbone.source(),
                backbone.license(),
                backbone.sha256().orElse(null),
                backbone.preprocessing().inputSizePixels(),
                backbone.preprocessing().cropFraction(),
                backbone.preprocessing().interpolation().name().toLowerCase(Locale.ROOT),
                backbone.preprocessing().mean(),
                backbone.preprocessing().std(),
                backbone.defaultLayer().toString(),
                backbone.featureDimension(),
                backbone.parameters(),
                backbone.multiplyAdds(),
                backbone.sizeBytes(),
                backbone.top1(),
                backbone.top5(),
                isDefault);
    }
}
