package dev.graft.feature.extractor;

import dev.graft.networks.network.Layer;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Describes one step of a network to clients; its name can be used as a transfer layer.
///
/// @param stage       the stage it belongs to, whose name means its last step
/// @param outputShape for one image
@Schema(examples = """
        {"name": "blocks.0.0.conv_pw", "stage": "blocks.0", "type": "conv", "outputShape": [16, 112,
        112], "parameters": 512, "multiplyAdds": 6422528}""")
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
