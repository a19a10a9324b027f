package dev.graft.networks;

import dev.graft.networks.network.TransferLayer;

/// Identifies a way of turning images into features: embeddings of one image are interchangeable when their extractors
/// are equal. The engine is no part of it, for in `f32` engines agree. [Backbone#extractor] makes it, with the
/// canonical name of the layer.
///
/// @param backbone name of the weight set, such as `tf_efficientnet_lite0.in1k`; of weights that were
///     fine-tuned, that of the one that they were before
/// @param weightsSha256 digest of the file of weights, lower-case hex
/// @param layer where the features are taken, by its canonical name ([dev.graft.networks.network.Network#canonical])
/// @param preprocessingDigest digest of the recipe from image to input, which includes the input size; lower-case
///     hex
/// @param precision arithmetic of the forward pass
public record Extractor(
        String backbone, String weightsSha256, TransferLayer layer, String preprocessingDigest, Arithmetic precision) {
    /// Checks the digests, and that the name can stand in the canonical text.
    public Extractor {
        Digests.requireSha256(weightsSha256);
        Digests.requireSha256(preprocessingDigest);
        if (backbone.isBlank() || backbone.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("'" + backbone + "' is not the name of a backbone");
        }
    }

    /// Returns a text that is the same for equal extractors and different for different ones; it never changes between
    /// releases.
    public String canonical() {
        return "extractor 1\nbackbone %s\nweights %s\nlayer %s\npreprocessing %s\nprecision %s\n"
                .formatted(backbone, weightsSha256, layer, preprocessingDigest, precision);
    }

    /// Returns the SHA-256 of the canonical text in lower-case hex: the cache key beside the image's.
    public String digest() {
        return Digests.sha256(canonical());
    }
}
