package dev.graft.networks.onnx;

import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import java.util.Arrays;
import java.util.List;

/// Lowers the operations of transformers to ONNX nodes of opset 17. Tokens are values `[batch, positions, channels]`.
///
/// @param graph what the nodes are added to
/// @param weights gives the parameters
record TransformerLowering(GraphBuilder graph, Weights weights) {
    /// Writes a step and returns the value that stands for it.
    String lower(Step step, TransformerOp op, String input) {
        String name = step.name();
        return switch (op) {
            case TransformerOp.LayerNorm layerNorm -> layerNorm(step, layerNorm, input);
            case TransformerOp.LayerScale _ -> graph.node(Operator.MUL, name, List.of(input, parameter(step, 0)));
            case TransformerOp.MapToTokens _ -> mapToTokens(name, input, step.outputShape());
            case TransformerOp.TokensToMap _ -> tokensToMap(name, input, step.outputShape());
            case TransformerOp.PatchEmbedding patches -> patchEmbedding(step, patches, input);
            case TransformerOp.ClassToken _ -> classToken(step, input);
            case TransformerOp.PositionEmbedding _ ->
                graph.node(Operator.ADD, name, List.of(input, parameter(step, 0)));
            case TransformerOp.Attention attention -> attention(step, attention, input);
            case TransformerOp.FirstToken _ -> {
                String first = graph.integers("const.first", Shape.of(), 0);
                yield graph.node(Operator.GATHER, name, List.of(input, first), Attribute.of("axis", 1));
            }
        };
    }

    /// The operator normalises last axes only, so that a map is turned before and after.
    private String layerNorm(Step step, TransformerOp.LayerNorm layerNorm, String input) {
        String name = step.name();
        boolean map = step.inputShape().isMap();
        String rows = map ? transposed(name + "/rows", input, 0, 2, 3, 1) : input;
        String result = graph.node(
                Operator.LAYER_NORMALIZATION,
                map ? name + "/norm" : name,
                List.of(rows, parameter(step, 0), parameter(step, 1)),
                Attribute.of("axis", -1),
                Attribute.of("epsilon", (float) layerNorm.epsilon()));
        return map ? transposed(name, result, 0, 3, 1, 2) : result;
    }

    private String mapToTokens(String name, String map, Shape tokens) {
        return reshaped(name, transposed(name + "/rows", map, 0, 2, 3, 1), tokens);
    }

    private String tokensToMap(String name, String tokens, Shape map) {
        String rows = reshaped(name + "/rows", tokens, Shape.of(map.at(1), map.at(2), map.at(0)));
        return transposed(name, rows, 0, 3, 1, 2);
    }

    private String patchEmbedding(Step step, TransformerOp.PatchEmbedding patches, String input) {
        long[] window = {patches.patchSize(), patches.patchSize()};
        String map = graph.node(
                Operator.CONV,
                step.name() + "/conv",
                List.of(input, parameter(step, 0), parameter(step, 1)),
                Attribute.of("kernel_shape", window),
                Attribute.of("strides", window));
        return mapToTokens(step.name(), map, step.outputShape());
    }

    /// Makes room by a row of zeros and adds the token there: unlike a concatenation this needs no node that learns the
    /// size of the batch.
    private String classToken(Step step, String input) {
        String name = step.name();
        String amounts = graph.integers("const.row_above", Shape.of(6), 0, 1, 0, 0, 0, 0);
        String room = graph.node(Operator.PAD, name + "/room", List.of(input, amounts));
        ParameterSpec token = step.parameters().getFirst();
        String row = graph.constant(name + "/row", step.outputShape(), () -> {
            float[] tokens = Arrays.copyOf(
                    weights.tensor(token).toArray(),
                    Math.toIntExact(step.outputShape().elements()));
            return FloatTensor.of(step.outputShape(), tokens);
        });
        return graph.node(Operator.ADD, name, List.of(room, row));
    }

    /// The factor `1 / sqrt(channels of a head)` stands between product and softmax, where runtimes fuse it with the
    /// product.
    private String attention(Step step, TransformerOp.Attention attention, String input) {
        String name = step.name();
        int tokens = step.outputShape().at(0);
        int channels = step.outputShape().at(1);
        int headChannels = channels / attention.heads();
        Shape byHead = Shape.of(tokens, attention.heads(), headChannels);
        List<String> parts = graph.split(input, 2, name + "/q", name + "/k", name + "/v");
        String queries = transposed(name + "/queries", reshaped(name + "/q/heads", parts.get(0), byHead), 0, 2, 1, 3);
        String keys = transposed(name + "/keys", reshaped(name + "/k/heads", parts.get(1), byHead), 0, 2, 3, 1);
        String values = transposed(name + "/values", reshaped(name + "/v/heads", parts.get(2), byHead), 0, 2, 1, 3);
        String products = graph.node(Operator.MAT_MUL, name + "/products", List.of(queries, keys));
        String scale = graph.scalar("const.attention." + headChannels, (float) (1 / Math.sqrt(headChannels)));
        String scores = graph.node(Operator.MUL, name + "/scores", List.of(products, scale));
        String shares = graph.node(Operator.SOFTMAX, name + "/shares", List.of(scores), Attribute.of("axis", -1));
        String mixed = graph.node(Operator.MAT_MUL, name + "/mixed", List.of(shares, values));
        return reshaped(name, transposed(name + "/joined", mixed, 0, 2, 1, 3), step.outputShape());
    }

    private String transposed(String name, String input, long... axes) {
        return graph.node(Operator.TRANSPOSE, name, List.of(input), Attribute.of("perm", axes));
    }

    /// Writes a change of all axes but the batch's.
    private String reshaped(String name, String input, Shape shape) {
        long[] extents = shape.batched(0);
        String target = graph.integers("const.shape.batch." + shape, Shape.of(extents.length), extents);
        return graph.node(Operator.RESHAPE, name, List.of(input, target));
    }

    private String parameter(Step step, int index) {
        ParameterSpec parameter = step.parameters().get(index);
        String value = parameter.name().equals(step.name()) ? parameter.name() + "/learned" : parameter.name();
        return graph.constant(value, parameter.shape(), () -> weights.tensor(parameter));
    }
}
