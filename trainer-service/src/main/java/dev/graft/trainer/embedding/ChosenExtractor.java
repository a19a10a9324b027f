package dev.graft.trainer.embedding;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.Extractor;
import dev.graft.networks.Precision;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.AbsentWeightsException;
import dev.graft.weightstore.WeightStore;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The extractor that a choice means.
///
/// @param backbone at the chosen input size
/// @param network  the part of it that gives the features
/// @param identity whose digest the feature service must name, too
/// @param ranges   what it is computed in eight bits with; absent: it is computed in float32
public record ChosenExtractor(
        Backbone backbone,
        TransferLayer layer,
        Network network,
        Extractor identity,
        Optional<ActivationRanges> ranges) {

    /// Finds the int8 ranges of a part of a backbone at the chosen input size.
    @FunctionalInterface
    private interface RangesSource {
        ActivationRanges of(Backbone backbone, TransferLayer layer, Network network);
    }

    /// Finds the extractor that a choice means now: in eight bits, with the current ranges.
    ///
    /// @throws ProblemException `BACKBONE_NOT_FOUND`, `WEIGHTS_ABSENT`, `LAYER_NOT_FOUND` or
    ///     `SETTING_UNSUPPORTED`
    public static ChosenExtractor of(WeightStore weights, ExtractorChoice choice) {
        return of(weights, choice, (backbone, _, network) -> weights.rangesFor(backbone, network));
    }

    /// Finds the extractor that a choice meant when embeddings were computed: in eight bits, with their ranges.
    ///
    /// @param digest the extractor's that computed them
    /// @throws ProblemException `TRAINING_FAILED` when it is another one, or its ranges are lost; or as
    ///     [#of(WeightStore, ExtractorChoice)]
    public static ChosenExtractor of(WeightStore weights, ExtractorChoice choice, String digest) {
        ChosenExtractor chosen = of(
                weights,
                choice,
                (backbone, layer, _) -> weights.rangesOf(backbone, layer, digest)
                        .orElseThrow(() -> new ProblemException(
                                ProblemType.TRAINING_FAILED,
                                ("The int8 ranges of %s that its features were computed with were not kept. "
                                                + "Train again; both services must be of one release.")
                                        .formatted(backbone.name()))));
        if (!chosen.identity().digest().equals(digest)) {
            throw new ProblemException(
                    ProblemType.TRAINING_FAILED,
                    "The feature service's extractor %s is not the one that was chosen, %s. Both services must be of one release."
                            .formatted(digest, chosen.identity().digest()));
        }
        return chosen;
    }

    private static ChosenExtractor of(WeightStore weights, ExtractorChoice choice, RangesSource source) {
        String name = choice.backbone();
        Backbone backbone = name == null
                ? weights.defaultBackbone()
                : weights.find(name).orElseThrow(() -> unknown(weights.catalogue(), name));
        Backbone sized = sized(backbone, choice);
        TransferLayer layer;
        Network network;
        try {
            layer = choice.layer() == null ? sized.defaultLayer() : TransferLayer.parse(choice.layer());
            network = sized.network().upTo(layer);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ProblemType.LAYER_NOT_FOUND,
                    "%s has no layer %s. It has the stages %s, and their steps; add :pooled for the average of a map."
                            .formatted(
                                    sized.name(),
                                    choice.layer(),
                                    String.join(", ", sized.network().stages())),
                    "/layer");
        }
        String sha256 = sha256(weights, backbone);
        Optional<ActivationRanges> ranges = ranges(choice, () -> source.of(sized, layer, network));
        Precision precision = ranges.<Precision>map(found -> new Precision.Int8(found.digest()))
                .orElse(Precision.F32);
        return new ChosenExtractor(sized, layer, network, sized.extractor(sha256, layer, precision), ranges);
    }

    /// Says how the network is computed in eight bits on this machine, if it is.
    public Optional<Quantisation> quantisation() {
        return ranges.map(Quantisation::here);
    }

    private static Optional<ActivationRanges> ranges(ExtractorChoice choice, Supplier<ActivationRanges> source) {
        try {
            return switch (choice.precision()) {
                case F32 -> Optional.empty();
                case INT8 -> Optional.of(source.get());
            };
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.getMessage() + ".", "/precision");
        }
    }

    private static String sha256(WeightStore weights, Backbone backbone) {
        try {
            return weights.sha256(backbone);
        } catch (AbsentWeightsException e) {
            throw new ProblemException(ProblemType.WEIGHTS_ABSENT, String.valueOf(e.getMessage()), "/backbone");
        }
    }

    private static Backbone sized(Backbone backbone, ExtractorChoice choice) {
        Integer inputSizePixels = choice.inputSizePixels();
        try {
            return inputSizePixels == null ? backbone : backbone.withInputSize(inputSizePixels);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "%s does not take pictures of %d pixels; its own size is %d."
                            .formatted(
                                    backbone.name(),
                                    inputSizePixels,
                                    backbone.preprocessing().inputSizePixels()),
                    "/inputSize");
        }
    }

    private static ProblemException unknown(Catalogue catalogue, String name) {
        String known = catalogue.backbones().stream().map(Backbone::name).collect(Collectors.joining(", "));
        return new ProblemException(
                ProblemType.BACKBONE_NOT_FOUND,
                "There is no backbone %s. There are: %s.".formatted(name, known),
                "/backbone");
    }
}
