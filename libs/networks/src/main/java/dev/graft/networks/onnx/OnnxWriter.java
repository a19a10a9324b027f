package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;
import dev.graft.networks.onnx.OnnxFields.Entry;
import dev.graft.networks.onnx.OnnxFields.Graph;
import dev.graft.networks.onnx.OnnxFields.Model;
import dev.graft.networks.onnx.OnnxFields.Node;
import dev.graft.networks.onnx.OnnxFields.OperatorSet;
import dev.graft.networks.onnx.OnnxFields.Tensor;
import dev.graft.networks.onnx.OnnxFields.ValueInfo;
import java.util.Map;

/// Writes finished graphs as ONNX models, element by element. The batch axis of inputs and outputs is named `batch` and
/// open. Decides nothing.
final class OnnxWriter {
    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;
    private static final String PRODUCER = "graft";
    private static final String BATCH = "batch";

    private OnnxWriter() {}

    /// Writes a graph.
    ///
    /// @param metadata texts that runtimes show as custom metadata
    static OnnxModel write(OnnxGraph graph, Map<String, String> metadata) {
        ProtobufMessage operators =
                new ProtobufMessage().text(OperatorSet.DOMAIN, "").integer(OperatorSet.VERSION, OPSET);
        ProtobufMessage model = new ProtobufMessage()
                .integer(Model.IR_VERSION, IR_VERSION)
                .text(Model.PRODUCER_NAME, PRODUCER)
                .nested(Model.GRAPH, graph(graph))
                .nested(Model.OPSET_IMPORT, operators);
        metadata.forEach((key, value) -> model.nested(
                Model.METADATA_PROPS, new ProtobufMessage().text(Entry.KEY, key).text(Entry.VALUE, value)));
        return new OnnxModel(model);
    }

    private static ProtobufMessage graph(OnnxGraph graph) {
        ProtobufMessage message = new ProtobufMessage().text(Graph.NAME, graph.name());
        for (GraphElement element : graph.elements()) {
            switch (element) {
                case GraphElement.Input input ->
                    message.nested(Graph.INPUT, valueInfo(input.name(), input.type(), input.shape()));
                case GraphElement.Output output ->
                    message.nested(Graph.OUTPUT, valueInfo(output.name(), ElementType.FLOAT, output.shape()));
                case Constant constant -> message.nested(Graph.INITIALIZER, tensor(constant));
                case GraphNode node -> message.nested(Graph.NODE, node(node));
            }
        }
        return message;
    }

    private static ProtobufMessage tensor(Constant constant) {
        return switch (constant) {
            case Constant.Floats floats ->
                raw(new Constant.Raw(
                        floats.name(),
                        ElementType.FLOAT,
                        floats.shape(),
                        () -> floats.content().get().data()));
            case Constant.Raw raw -> raw(raw);
            case Constant.Integers integers -> {
                ProtobufMessage tensor = tensor(integers.name(), ElementType.INT64, integers.shape());
                for (long number : integers.content()) {
                    tensor.integer(Tensor.INT64_DATA, number);
                }
                yield tensor;
            }
        };
    }

    private static ProtobufMessage raw(Constant.Raw constant) {
        long sizeBytes =
                Math.multiplyExact(constant.shape().elements(), constant.type().sizeBytes());
        return tensor(constant.name(), constant.type(), constant.shape())
                .bytes(Tensor.RAW_DATA, sizeBytes, constant.content());
    }

    private static ProtobufMessage tensor(String name, ElementType type, Shape shape) {
        ProtobufMessage tensor = new ProtobufMessage();
        for (long extent : shape.toLongs()) {
            tensor.integer(Tensor.DIMS, extent);
        }
        return tensor.integer(Tensor.DATA_TYPE, type.number()).text(Tensor.NAME, name);
    }

    private static ProtobufMessage node(GraphNode node) {
        ProtobufMessage message = new ProtobufMessage();
        node.inputs().forEach(input -> message.text(Node.INPUT, input));
        node.outputs().forEach(output -> message.text(Node.OUTPUT, output));
        message.text(Node.NAME, node.name()).text(Node.OP_TYPE, node.operator().onnxName());
        node.attributes().forEach(attribute -> message.nested(Node.ATTRIBUTE, attribute.message()));
        return message;
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
