package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;
import dev.graft.networks.onnx.OnnxFields.Entry;
import dev.graft.networks.onnx.OnnxFields.Graph;
import dev.graft.networks.onnx.OnnxFields.Model;
import dev.graft.networks.onnx.OnnxFields.Node;
import dev.graft.networks.onnx.OnnxFields.OperatorSet;
import dev.graft.networks.onnx.OnnxFields.Tensor;
import dev.graft.networks.onnx.OnnxFields.ValueInfo;
import dev.graft.networks.weights.FloatTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Collects the parts of an ONNX model. The batch axis of inputs and outputs is named `batch` and open.
class OnnxGraph {
    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;
    private static final String PRODUCER = "graft";
    private static final String BATCH = "batch";

    private final ProtobufMessage graph = new ProtobufMessage();
    private final Set<String> values = new HashSet<>();

    OnnxGraph(String name) {
        graph.text(Graph.NAME, name);
    }

    /// Declares an input `[batch, …]`.
    String input(String name, ElementType type, Shape shape) {
        graph.nested(Graph.INPUT, valueInfo(name, type, shape));
        values.add(name);
        return name;
    }

    /// Declares a value as an output `[batch, …]` of float32.
    void output(String value, Shape shape) {
        graph.nested(Graph.OUTPUT, valueInfo(value, ElementType.FLOAT, shape));
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
            long sizeBytes = Math.multiplyExact(shape.elements(), type.sizeBytes());
            graph.nested(Graph.INITIALIZER, tensor(name, type, shape).bytes(Tensor.RAW_DATA, sizeBytes, content));
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
            ProtobufMessage tensor = tensor(name, ElementType.INT64, shape);
            for (long number : content) {
                tensor.integer(Tensor.INT64_DATA, number);
            }
            graph.nested(Graph.INITIALIZER, tensor);
        }
        return name;
    }

    private static ProtobufMessage tensor(String name, ElementType type, Shape shape) {
        ProtobufMessage tensor = new ProtobufMessage();
        for (long extent : shape.toLongs()) {
            tensor.integer(Tensor.DIMS, extent);
        }
        return tensor.integer(Tensor.DATA_TYPE, type.number()).text(Tensor.NAME, name);
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

    /// Adds a node that takes the greatest or the least numbers of each row.
    ///
    /// @param input float32 `[rows, columns]`
    /// @param count how many of each row, int64 `[1]`
    final String outermost(String name, String input, String count, boolean greatest) {
        return nodes(
                        "TopK",
                        List.of(input, count),
                        List.of(name, name + "/columns"),
                        Attribute.of("largest", greatest ? 1 : 0))
                .getFirst();
    }

    private List<String> nodes(String type, List<String> inputs, List<String> results, Attribute... attributes) {
        ProtobufMessage node = new ProtobufMessage();
        inputs.forEach(input -> node.text(Node.INPUT, input));
        for (String result : results) {
            if (!values.add(result)) {
                throw new IllegalStateException("two values are named " + result);
            }
            node.text(Node.OUTPUT, result);
        }
        node.text(Node.NAME, results.getFirst()).text(Node.OP_TYPE, type);
        for (Attribute attribute : attributes) {
            node.nested(Node.ATTRIBUTE, attribute.message());
        }
        graph.nested(Graph.NODE, node);
        return results;
    }

    /// Ends the model.
    ///
    /// @param metadata texts that runtimes show as custom metadata
    OnnxModel build(Map<String, String> metadata) {
        ProtobufMessage operators =
                new ProtobufMessage().text(OperatorSet.DOMAIN, "").integer(OperatorSet.VERSION, OPSET);
        ProtobufMessage model = new ProtobufMessage()
                .integer(Model.IR_VERSION, IR_VERSION)
                .text(Model.PRODUCER_NAME, PRODUCER)
                .nested(Model.GRAPH, graph)
                .nested(Model.OPSET_IMPORT, operators);
        metadata.forEach((key, value) -> model.nested(
                Model.METADATA_PROPS, new ProtobufMessage().text(Entry.KEY, key).text(Entry.VALUE, value)));
        return new OnnxModel(model);
    }

    private static ProtobufMessage valueInfo(String name, ElementType type, Shape shape) {
        ProtobufMessage axes =
                new ProtobufMessage().nested(ValueInfo.DIM, new ProtobufMessage().text(ValueInfo.DIM_PARAM, BATCH));
        for (long extent : shape.toLongs()) {
            axes.nested(ValueInfo.DIM, new ProtobufMessage().integer(ValueInfo.DIM_VALUE, extent));
        }
        ProtobufMessage tensor = new ProtobufMessage()
                .integer(ValueInfo.ELEM_TYPE, type.number())
                .nested(ValueInfo.SHAPE, axes);
        return new ProtobufMessage()
                .text(ValueInfo.NAME, name)
                .nested(ValueInfo.TYPE, new ProtobufMessage().nested(ValueInfo.TENSOR_TYPE, tensor));
    }
}
