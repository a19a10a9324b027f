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
import java.util.stream.Stream;

/// Describes a set of weights: a trained network, and all that is needed to use it rightly.
///
/// @param name `architecture.tag`, as timm writes it; of what a model version was fine-tuned to, that of
///     the version
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
/// @param tuned how they were fine-tuned; absent of a weight set
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
        Optional<Accuracy> accuracy,
        Optional<Tuned> tuned) {
    /// How often a classifier names ImageNet-1k's validation images rightly, prepared by the recipe.
    ///
    /// @param top1 share of the images whose class is the most probable one, per cent
    /// @param top5 share of them whose class is among the five most probable, per cent
    public record Accuracy(double top1, double top5) {}

    /// How weights came of others.
    ///
    /// @param from names of what they were fine-tuned from, the nearest first; the last is a weight set
    /// @param layer where they were tuned to give features
    public record Tuned(List<String> from, TransferLayer layer) {
        /// Copies the list.
        public Tuned {
            from = List.copyOf(from);
            if (from.isEmpty()) {
                throw new IllegalArgumentException("weights are fine-tuned from others");
            }
        }
    }

    /// Checks the name of the weight set, and the digest.
    public Backbone {
        String weightSet = weightSet(name, tuned);
        if (weightSet.indexOf('.') < 1) {
            throw new IllegalArgumentException("'" + weightSet + "' is not of the form architecture.tag");
        }
        sha256.ifPresent(Digests::requireSha256);
    }

    /// Returns the part of a name before the tag; all of it when there is no tag.
    public static String architectureOf(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /// Returns the name of the weight set that these weights are, or were before anything was fine-tuned.
    public String weightSet() {
        return weightSet(name, tuned);
    }

    private static String weightSet(String name, Optional<Tuned> tuned) {
        return tuned.map(known -> known.from().getLast()).orElse(name);
    }

    /// Returns the names of these weights and of all that they were fine-tuned from, the nearest first; the
    /// last is [#weightSet].
    public List<String> lineage() {
        return Stream.concat(Stream.of(name), tuned.stream().flatMap(known -> known.from().stream()))
                .toList();
    }

    /// Returns the architecture's name.
    public String architecture() {
        return architectureOf(weightSet());
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
                accuracy,
                tuned);
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
                accuracy,
                tuned);
    }

    /// Returns the layer whose result are the features when nothing else is asked for: the network's own,
    /// or the one that weights were fine-tuned at.
    public TransferLayer defaultLayer() {
        return tuned.map(Tuned::layer)
                .orElseGet(() -> new TransferLayer(network().features(), false));
    }

    /// Identifies the features that these weights give. A layer has one identity under all its names, and
    /// so has a file that several model versions were fine-tuned to.
    ///
    /// @param weightsSha256 digest of the file that is used
    /// @param layer where the features are taken, by any of its names
    /// @param precision arithmetic of the forward pass
    /// @throws IllegalArgumentException when the network has no such layer
    public Extractor extractor(String weightsSha256, TransferLayer layer, Arithmetic precision) {
        return new Extractor(weightSet(), weightsSha256, network().canonical(layer), preprocessing.digest(), precision);
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
