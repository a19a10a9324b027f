package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Collects the elements of a graph. Methods that add something return the name of its value.
final class GraphBuilder {
    private final String name;
    private final List<GraphElement> elements = new ArrayList<>();
    private final Set<String> values = new HashSet<>();

    GraphBuilder(String name) {
        this.name = name;
    }

    /// Declares an input `[batch, …]`.
    String input(String value, ElementType type, Shape shape) {
        add(new GraphElement.Input(value, type, shape));
        return value;
    }

    /// Declares a value as an output `[batch, …]` of float32.
    void output(String value, Shape shape) {
        add(new GraphElement.Output(value, shape));
    }

    /// Adds a constant of float32, once for each name.
    ///
    /// @param content gives the numbers when the model is written
    String constant(String value, Shape shape, Supplier<FloatTensor> content) {
        add(new Constant.Floats(value, shape, content));
        return value;
    }

    /// Adds a constant of one number, once for each name.
    String scalar(String value, float number) {
        return constant(value, Shape.of(), () -> FloatTensor.of(Shape.of(), number));
    }

    /// Adds a constant of int64, once for each name.
    String integers(String value, Shape shape, long... content) {
        add(new Constant.Integers(value, shape, content));
        return value;
    }

    /// Adds a node with one result, which carries the node's name.
    String node(Operator operator, String result, List<String> inputs, Attribute... attributes) {
        add(new GraphNode.Operation(operator, inputs, List.of(result), List.of(attributes)));
        return result;
    }

    /// Adds a convolution, as [#node].
    ///
    /// @param inputs the map, the filters, and the biases where there are any
    String convolution(String result, List<String> inputs, SlidingWindow sweep, int groups) {
        add(new GraphNode.Convolution(result, inputs, sweep, groups));
        return result;
    }

    /// Adds a normalisation of each channel by its own statistics, as [#node].
    ///
    /// @param inputs the map, and of each channel the factor, the shift, the mean and the variance
    String batchNormalization(String result, List<String> inputs, double epsilon) {
        add(new GraphNode.BatchNormalization(result, inputs, epsilon));
        return result;
    }

    /// Adds a node that cuts a value into equal parts along an axis, and returns their names.
    List<String> split(String input, int axis, String... parts) {
        add(new GraphNode.Operation(
                Operator.SPLIT, List.of(input), List.of(parts), List.of(Attribute.of("axis", axis))));
        return List.of(parts);
    }

    /// Adds a node that takes the greatest or the least numbers of each row.
    ///
    /// @param input float32 `[rows, columns]`
    /// @param count how many of each row, int64 `[1]`
    String outermost(String result, String input, String count, boolean greatest) {
        add(new GraphNode.Operation(
                Operator.TOP_K,
                List.of(input, count),
                List.of(result, result + "/columns"),
                List.of(Attribute.of("largest", greatest ? 1 : 0))));
        return result;
    }

    /// Adds an element; a constant whose name is there already is that constant.
    ///
    /// @throws IllegalStateException when two values have one name
    void add(GraphElement element) {
        switch (element) {
            case GraphElement.Output output -> elements.add(output);
            case Constant constant -> {
                if (values.add(constant.name())) {
                    elements.add(constant);
                }
            }
            case GraphElement.Input input -> declare(input, List.of(input.name()));
            case GraphNode node -> declare(node, node.outputs());
        }
    }

    private void declare(GraphElement element, List<String> names) {
        for (String value : names) {
            if (!values.add(value)) {
                throw new IllegalStateException("two values are named " + value);
            }
        }
        elements.add(element);
    }

    /// Ends the graph.
    OnnxGraph build() {
        return new OnnxGraph(name, elements);
    }
}
