package dev.graft.weightstore;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.networks.Arithmetic;
import dev.graft.networks.Backbone;
import dev.graft.networks.Extractor;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.weightstore.UnusableChoiceException.Reason;
import java.util.Optional;

/// The extractor that a choice means. This is the one place where a choice becomes an extractor, so that all services
/// name it by the same digest.
///
/// @param backbone at the chosen input size
/// @param layer    by its canonical name
/// @param network  the part of the backbone's network that gives the features
/// @param identity whose digest is the key of embeddings beside the image's
/// @param ranges   what it is computed in eight bits with; absent: it is computed in float32
public record ChosenExtractor(
        Backbone backbone,
        TransferLayer layer,
        Network network,
        Extractor identity,
        Optional<ActivationRanges> ranges) {
    /// A vector longer than this (1 MiB) is a mistake: the pooled form of the same layer is meant.
    public static final int MAX_DIMENSION = 1 << 18;

    /// Finds the int8 ranges of a part of a backbone at the chosen input size.
    @FunctionalInterface
    private interface RangesSource {
        ActivationRanges of(Backbone backbone, TransferLayer layer, Network network);
    }

    /// Finds the extractor that a choice means now: in eight bits, with the current ranges. Blocks on object storage
    /// unless the default weight set is chosen in float32.
    ///
    /// @throws UnusableChoiceException when the choice means none
    public static ChosenExtractor of(WeightStore weights, ExtractorChoice choice) {
        return of(weights, choice, (backbone, _, network) -> currentRanges(weights, backbone, network));
    }

    /// Finds the extractor that a choice meant when embeddings were computed: in eight bits, with their ranges.
    ///
    /// @param digest the extractor's that computed them
    /// @throws UnusableChoiceException `OTHER_EXTRACTOR` when the choice means another one now; `RANGES_LOST` when
    ///     its ranges are not kept; or as [#of(WeightStore, ExtractorChoice)]
    public static ChosenExtractor of(WeightStore weights, ExtractorChoice choice, String digest) {
        ChosenExtractor chosen = of(
                weights,
                choice,
                (backbone, layer, _) -> weights.rangesOf(backbone, layer, digest)
                        .orElseThrow(() -> new UnusableChoiceException(
                                Reason.RANGES_LOST,
                                "The int8 ranges of %s that its features were computed with were not kept."
                                        .formatted(backbone.name()))));
        if (!chosen.identity().digest().equals(digest)) {
            throw new UnusableChoiceException(
                    Reason.OTHER_EXTRACTOR,
                    "The features were computed by the extractor %s, which is not the one that was chosen, %s."
                            .formatted(digest, chosen.identity().digest()));
        }
        return chosen;
    }

    private static ChosenExtractor of(WeightStore weights, ExtractorChoice choice, RangesSource source) {
        Backbone known = backbone(weights, choice);
        Backbone sized = sized(known, choice);
        TransferLayer layer = layer(sized, choice);
        Network network = sized.network().upTo(layer);
        requireBounded(sized, layer, network);
        String sha256 = sha256(weights, known);
        Optional<ActivationRanges> ranges =
                choice.precision() == Precision.INT8 ? Optional.of(source.of(sized, layer, network)) : Optional.empty();
        Arithmetic arithmetic = ranges.<Arithmetic>map(found -> new Arithmetic.Int8(found.digest()))
                .orElse(Arithmetic.F32);
        return new ChosenExtractor(sized, layer, network, sized.extractor(sha256, layer, arithmetic), ranges);
    }

    /// Returns the length of a vector.
    public int dimension() {
        return (int) network.outputShape().elements();
    }

    /// Returns the side of the square input.
    public int inputSizePixels() {
        return backbone.preprocessing().inputSizePixels();
    }

    /// Says how the network is computed in eight bits on this machine, if it is.
    public Optional<Quantisation> quantisation() {
        return ranges.map(Quantisation::here);
    }

    private static Backbone backbone(WeightStore weights, ExtractorChoice choice) {
        String name = choice.backbone();
        return name == null ? weights.defaultBackbone() : weights.named(name);
    }

    private static Backbone sized(Backbone backbone, ExtractorChoice choice) {
        Integer inputSizePixels = choice.inputSizePixels();
        try {
            return inputSizePixels == null ? backbone : backbone.withInputSize(inputSizePixels);
        } catch (IllegalArgumentException e) {
            throw new UnusableChoiceException(
                    Reason.INPUT_SIZE_UNSUPPORTED,
                    "%s does not take pictures of %d pixels; its own size is %d."
                            .formatted(
                                    backbone.name(),
                                    inputSizePixels,
                                    backbone.preprocessing().inputSizePixels()));
        }
    }

    private static TransferLayer layer(Backbone sized, ExtractorChoice choice) {
        String written = choice.layer();
        try {
            TransferLayer layer = written == null ? sized.defaultLayer() : TransferLayer.parse(written);
            TransferLayer canonical = sized.network().canonical(layer);
            sized.network().upTo(canonical);
            return canonical;
        } catch (IllegalArgumentException e) {
            throw new UnusableChoiceException(
                    Reason.LAYER_UNKNOWN,
                    ("%1$s has no layer %2$s. It has the stages %3$s, and the steps that ./graft summary %1$s and"
                                    + " GET /v1/backbones/%1$s/layers list; add :pooled for the average of a map.")
                            .formatted(
                                    sized.name(),
                                    written,
                                    String.join(", ", sized.network().stages())));
        }
    }

    private static void requireBounded(Backbone backbone, TransferLayer layer, Network network) {
        long dimension = network.outputShape().elements();
        if (dimension > MAX_DIMENSION) {
            throw new UnusableChoiceException(
                    Reason.LAYER_TOO_LARGE,
                    "Layer %s of %s gives %,d numbers for a picture, more than %,d. Use %s:pooled."
                            .formatted(layer, backbone.name(), dimension, MAX_DIMENSION, layer.name()));
        }
    }

    private static String sha256(WeightStore weights, Backbone backbone) {
        try {
            return weights.sha256(backbone);
        } catch (AbsentWeightsException e) {
            throw new UnusableChoiceException(Reason.WEIGHTS_ABSENT, e.detail());
        }
    }

    private static ActivationRanges currentRanges(WeightStore weights, Backbone backbone, Network network) {
        try {
            return weights.rangesFor(backbone, network);
        } catch (IllegalArgumentException e) {
            throw new UnusableChoiceException(Reason.INT8_UNSUPPORTED, e.getMessage() + ".");
        }
    }
}
