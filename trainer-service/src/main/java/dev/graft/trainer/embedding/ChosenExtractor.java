package dev.graft.trainer.embedding;

import dev.graft.backbones.Backbone;
import dev.graft.backbones.Catalogue;
import dev.graft.backbones.Extractor;
import dev.graft.backbones.Precision;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.TransferLayer;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.AbsentWeightsException;
import dev.graft.weightstore.WeightStore;
import java.util.stream.Collectors;

/// The extractor that a choice means.
///
/// @param backbone at the chosen input size
/// @param network  the part of it that gives the features
/// @param identity whose digest the feature service must name, too
public record ChosenExtractor(Backbone backbone, TransferLayer layer, Network network, Extractor identity) {

    /// Finds the extractor.
    ///
    /// @throws ProblemException `BACKBONE_NOT_FOUND`, `WEIGHTS_ABSENT`, `LAYER_NOT_FOUND` or
    ///     `SETTING_UNSUPPORTED`
    public static ChosenExtractor of(WeightStore weights, ExtractorChoice choice) {
        String name = choice.backbone();
        Backbone backbone = name == null
                ? weights.defaultBackbone()
                : weights.find(name).orElseThrow(() -> unknown(weights.catalogue(), name));
        if (choice.precision() != dev.graft.contracts.Precision.F32) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "%s has no ranges for int8; use f32.".formatted(backbone.name()),
                    "/precision");
        }
        Backbone sized = sized(backbone, choice);
        try {
            TransferLayer layer = choice.layer() == null ? sized.defaultLayer() : TransferLayer.parse(choice.layer());
            return new ChosenExtractor(
                    sized,
                    layer,
                    sized.network().upTo(layer),
                    sized.extractor(sha256(weights, backbone), layer, Precision.F32));
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
