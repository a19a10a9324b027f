package dev.graft.networks;

import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.vision.Preprocessing;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Describes a set of weights: a trained network, and all that is needed to use it rightly.
///
/// @param name `architecture.tag`, as timm writes it
/// @param source where the weights were published, for people
/// @param download where their safetensors file is, when it is published as one
/// @param license SPDX identifier
/// @param sha256 digest of the safetensors file, lower-case hex, where it is known
/// @param preprocessing recipe from image to input
/// @param featureDimension length of the features of [#defaultLayer]
/// @param parameters number of learned parameters
/// @param multiplyAdds multiply-add steps of convolutions and matrices for one image of the recipe's size
/// @param sizeBytes size of the tensors in the safetensors file
/// @param accuracy on ImageNet-1k, for weights that have its classifier and whose accuracy is published
public record Backbone(
        String name,
        String source,
        Optional<URI> download,
        String license,
        Optional<String> sha256,
        Preprocessing preprocessing,
        int featureDimension,
        long parameters,
        long multiplyAdds,
        long sizeBytes,
        Optional<Accuracy> accuracy) {
    /// How often a classifier names ImageNet-1k's validation images rightly, prepared by the recipe.
    ///
    /// @param top1 share of the images whose class is the most probable one, per cent
    /// @param top5 share of them whose class is among the five most probable, per cent
    public record Accuracy(double top1, double top5) {}

    /// Checks the name and the digest.
    public Backbone {
        if (name.indexOf('.') < 1) {
            throw new IllegalArgumentException("'" + name + "' is not of the form architecture.tag");
        }
        sha256.ifPresent(Digests::requireSha256);
    }

    /// Returns the part of a name before the tag; all of it when there is no tag.
    public static String architectureOf(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /// Returns the part of the name before the tag.
    public String architecture() {
        return architectureOf(name);
    }

    /// Builds the network, for the recipe's input size, with its classifier.
    public Network network() {
        return Architectures.named(architecture()).withInputSize(preprocessing.inputSizePixels());
    }

    /// Returns the same weights used at another input size.
    ///
    /// @throws IllegalArgumentException when the network does not take images of this size
    public Backbone withInputSize(int inputSizePixels) {
        Preprocessing resized = preprocessing.withInputSizePixels(inputSizePixels);
        return new Backbone(
                name,
                source,
                download,
                license,
                sha256,
                resized,
                featureDimension,
                parameters,
                Architectures.named(architecture())
                        .withInputSize(inputSizePixels)
                        .multiplyAdds(),
                sizeBytes,
                accuracy);
    }

    /// Returns the same record for the file that is at hand.
    ///
    /// @param fileSha256 its digest, lower-case hex
    public Backbone withSha256(String fileSha256) {
        return new Backbone(
                name,
                source,
                download,
                license,
                Optional.of(fileSha256),
                preprocessing,
                featureDimension,
                parameters,
                multiplyAdds,
                sizeBytes,
                accuracy);
    }

    /// Returns the layer whose result are the features when nothing else is asked for.
    public TransferLayer defaultLayer() {
        return new TransferLayer(network().features(), false);
    }

    /// Identifies the features that these weights give. A layer has one identity under all its names.
    ///
    /// @param weightsSha256 digest of the file that is used
    /// @param layer where the features are taken, by any of its names
    /// @param precision arithmetic of the forward pass
    /// @throws IllegalArgumentException when the network has no such layer
    public Extractor extractor(String weightsSha256, TransferLayer layer, Arithmetic precision) {
        return new Extractor(name, weightsSha256, network().canonical(layer), preprocessing.digest(), precision);
    }

    /// Returns texts that say to the reader of an exported model how to prepare its pixels and where it comes
    /// from.
    public Map<String, String> describe() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("backbone", name);
        texts.put("backboneSource", source);
        texts.put("backboneLicense", license);
        texts.put("inputSize", String.valueOf(preprocessing.inputSizePixels()));
        texts.put("shortSide", String.valueOf(preprocessing.shortSidePixels()));
        texts.put("cropFraction", String.valueOf(preprocessing.cropFraction()));
        texts.put("interpolation", preprocessing.interpolation().wireName());
        texts.put("mean", joined(preprocessing.mean()));
        texts.put("std", joined(preprocessing.std()));
        texts.put("preprocessingDigest", preprocessing.digest());
        return texts;
    }

    private static String joined(List<Double> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
