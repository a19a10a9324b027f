package dev.graft.networks.network;

import java.util.List;

/// One step of a network.
///
/// @param name unique name: timm's module name where it has one, so that parameters are `name.weight` and so on
/// @param stage name of the stage this step belongs to, such as `blocks.3`
/// @param op what it computes
/// @param inputs names of the steps whose results it takes, in order
public record Node(String name, String stage, Op op, List<String> inputs) {
    /// Copies the inputs.
    public Node {
        inputs = List.copyOf(inputs);
    }
}
