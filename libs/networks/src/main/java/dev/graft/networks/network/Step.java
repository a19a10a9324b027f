package dev.graft.networks.network;

import java.util.List;

/// A node together with the shapes that it has in a network, for one image.
///
/// @param node the node
/// @param inputShapes shapes of its inputs, in order
/// @param outputShape shape of its result
public record Step(Node node, List<Shape> inputShapes, Shape outputShape) {
    /// Copies the list.
    public Step {
        inputShapes = List.copyOf(inputShapes);
    }

    /// Returns the name of the node.
    public String name() {
        return node.name();
    }

    /// Returns what the node computes.
    public Op op() {
        return node.op();
    }

    /// Returns the names of the nodes whose results it takes.
    public List<String> inputs() {
        return node.inputs();
    }

    /// Returns the shape of its first input.
    public Shape inputShape() {
        return inputShapes.getFirst();
    }

    /// Returns the parameters of the node.
    public List<ParameterSpec> parameters() {
        return op().parameters(name(), inputShapes);
    }

    /// Counts the learned parameters.
    public long parameterCount() {
        return parameters().stream()
                .filter(ParameterSpec::learned)
                .mapToLong(parameter -> parameter.shape().elements())
                .sum();
    }

    /// Counts the multiply-add steps.
    public long multiplyAdds() {
        return op().multiplyAdds(inputShapes);
    }

    /// Returns the row of the layer table.
    public Layer layer() {
        String type = op().getClass().getSimpleName();
        return new Layer(name(), node.stage(), type, outputShape, parameterCount(), multiplyAdds());
    }
}
