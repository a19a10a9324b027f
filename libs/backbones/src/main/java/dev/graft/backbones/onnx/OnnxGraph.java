package dev.graft.backbones.onnx;

import dev.graft.backbones.network.Shape;
import dev.graft.backbones.weights.FloatTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Collects the parts of an ONNX model. Field numbers are those of onnx.proto; the batch axis of inputs and
/// outputs is named `batch` and open.
class OnnxGraph {
    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;
    private static final String PRODUCER = "graft";
    private static final String BATCH = "batch";

    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_NAME = 2;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;

    private final ProtobufMessage graph = new ProtobufMessage();
    private final Set<String> values = new HashSet<>();

    OnnxGraph(String name) {
        graph.text(GRAPH_NAME, name);
    }

    /// Declares an input `[batch, …]`.
    String input(String name, ElementType type, Shape shape) {
        graph.nested(GRAPH_INPUT, valueInfo(name, type, shape));
        values.add(name);
        return name;
    }

    /// Declares a value as an output `[batch, …]` of float32.
    void output(String value, Shape shape) {
        graph.nested(GRAPH_OUTPUT, valueInfo(value, ElementType.FLOAT, shape));
    }

    /// Adds a constant of float32, once for each name.
    ///
    /// @param content gives the numbers when the model is written
    String constant(String name, Shape shape, Supplier<FloatTensor> content) {
        return constant(name, ElementType.FLOAT, shape, () -> content.get().data());
    }

    /// Adds a constant of any type, once for each name.
    ///
    /// @param content gives the numbers, little-endian, when the model is written
    final String constant(String name, ElementType type, Shape shape, Supplier<MemorySegment> content) {
        if (values.add(name)) {
            ProtobufMessage tensor = new ProtobufMessage();
            for (long extent : shape.toLongs()) {
                tensor.integer(1, extent);
            }
            tensor.integer(2, type.number())
                    .text(8, name)
                    .bytes(9, Math.multiplyExact(shape.elements(), type.sizeBytes()), content);
            graph.nested(GRAPH_INITIALIZER, tensor);
        }
        return name;
    }

    /// Adds a constant of one number.
    String scalar(String name, float value) {
        return constant(name, Shape.of(), () -> FloatTensor.of(Shape.of(), value));
    }

    /// Adds a constant of int64, once for each name.
    String integers(String name, Shape shape, long... content) {
        if (values.add(name)) {
            ProtobufMessage tensor = new ProtobufMessage();
            for (long extent : shape.toLongs()) {
                tensor.integer(1, extent);
            }
            tensor.integer(2, ElementType.INT64.number());
            for (long number : content) {
                tensor.integer(7, number);
            }
            graph.nested(GRAPH_INITIALIZER, tensor.text(8, name));
        }
        return name;
    }

    /// Adds a node with one result, which carries the node's name.
    String node(String type, String name, List<String> inputs, Attribute... attributes) {
        return nodes(type, inputs, List.of(name), attributes).getFirst();
    }

    /// Adds a convolution, as [#node].
    ///
    /// @param inputs the map, the filters, and the biases where there are any
    String convolution(String name, List<String> inputs, Sweep sweep, int groups) {
        List<Attribute> attributes = new ArrayList<>(List.of(sweep.attributes()));
        attributes.add(Attribute.of("group", groups));
        return node("Conv", name, inputs, attributes.toArray(Attribute[]::new));
    }

    /// Adds a normalisation of each channel by its own statistics, as [#node].
    ///
    /// @param inputs the map, and of each channel the factor, the shift, the mean and the variance
    String batchNormalization(String name, List<String> inputs, double epsilon) {
        return node("BatchNormalization", name, inputs, Attribute.of("epsilon", (float) epsilon));
    }

    /// Adds a node that cuts a value into equal parts along an axis, and returns their names.
    List<String> split(String input, int axis, String... parts) {
        return nodes("Split", List.of(input), List.of(parts), Attribute.of("axis", axis));
    }

    private List<String> nodes(String type, List<String> inputs, List<String> results, Attribute... attributes) {
        ProtobufMessage node = new ProtobufMessage();
        inputs.forEach(input -> node.text(1, input));
        for (String result : results) {
            if (!values.add(result)) {
                throw new IllegalStateException("two values are named " + result);
            }
            node.text(2, result);
        }
        node.text(3, results.getFirst()).text(4, type);
        for (Attribute attribute : attributes) {
            node.nested(5, attribute.message());
        }
        graph.nested(GRAPH_NODE, node);
        return results;
    }

    /// Ends the model.
    ///
    /// @param metadata texts that runtimes show as custom metadata
    OnnxModel build(Map<String, String> metadata) {
        ProtobufMessage model = new ProtobufMessage()
                .integer(1, IR_VERSION)
                .text(2, PRODUCER)
                .nested(7, graph)
                .nested(8, new ProtobufMessage().text(1, "").integer(2, OPSET));
        metadata.forEach((key, value) ->
                model.nested(14, new ProtobufMessage().text(1, key).text(2, value)));
        return new OnnxModel(model);
    }

    private static ProtobufMessage valueInfo(String name, ElementType type, Shape shape) {
        ProtobufMessage axes = new ProtobufMessage().nested(1, new ProtobufMessage().text(2, BATCH));
        for (long extent : shape.toLongs()) {
            axes.nested(1, new ProtobufMessage().integer(1, extent));
        }
        ProtobufMessage tensor = new ProtobufMessage().integer(1, type.number()).nested(2, axes);
        return new ProtobufMessage().text(1, name).nested(2, new ProtobufMessage().nested(1, tensor));
    }
}
