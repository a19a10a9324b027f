package dev.graft.feature.extractor;

import dev.graft.networks.network.Layer;
import java.util.List;

/// Describes one step of a network to clients; its name can be used as a transfer layer.
///
/// @param stage       the stage it belongs to, whose name means its last step
/// @param outputShape for one picture
public record LayerView(
        String name, String stage, String type, List<Integer> outputShape, long parameters, long multiplyAdds) {

    static LayerView of(Layer layer) {
        return new LayerView(
                layer.name(),
                layer.stage(),
                layer.type(),
                layer.outputShape().dimensions(),
                layer.parameters(),
                layer.multiplyAdds());
    }
}
