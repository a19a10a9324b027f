package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import java.util.function.Function;

/// Computes the operations of transformers. Never closes its argument, and always gives a new array.
///
/// @param parameters gives the array of a parameter by its name
/// @param differentiated whether they may be bfloat16, whose type DJL does not know
record TransformerArithmetic(Function<String, NDArray> parameters, boolean differentiated) {
    private static final int POSITIONS_AXIS = 1;
    private static final int CHANNELS_AXIS = 2;

    /// Computes a step.
    ///
    /// @param step the step
    /// @param op its operation
    /// @param input its first argument, `[batch, …]`
    NDArray compute(Step step, TransformerOp op, NDArray input) {
        String name = step.name();
        return switch (op) {
            case TransformerOp.LayerNorm layerNorm -> layerNorm(step, layerNorm, input);
            case TransformerOp.LayerScale _ -> input.mul(parameters.apply(name));
            case TransformerOp.MapToTokens _ -> mapToTokens(input, step.outputShape());
            case TransformerOp.TokensToMap _ -> tokensToMap(input, step.outputShape());
            case TransformerOp.PatchEmbedding patches -> patchEmbedding(step, patches, input);
            case TransformerOp.ClassToken _ -> classToken(parameters.apply(name), input);
            case TransformerOp.PositionEmbedding _ -> input.add(parameters.apply(name));
            case TransformerOp.Attention attention -> attention(attention, input, step.outputShape());
            case TransformerOp.FirstToken _ -> input.get(":, 0");
        };
    }

    /// The native function normalises last axes only, so that a map is turned before and after.
    private NDArray layerNorm(Step step, TransformerOp.LayerNorm layerNorm, NDArray input) {
        if (!step.inputShape().isMap()) {
            return normalised(step.name(), layerNorm, input);
        }
        try (NDArray rows = input.transpose(0, 2, 3, 1);
                NDArray result = normalised(step.name(), layerNorm, rows)) {
            return result.transpose(0, 3, 1, 2);
        }
    }

    private NDArray normalised(String name, TransformerOp.LayerNorm layerNorm, NDArray input) {
        NDArray weight = parameters.apply(name + ".weight");
        return ai.djl.nn.norm.LayerNorm.layerNorm(
                        input, weight.getShape(), weight, parameters.apply(name + ".bias"), (float) layerNorm.epsilon())
                .singletonOrThrow();
    }

    private static NDArray mapToTokens(NDArray map, dev.graft.networks.network.Shape tokens) {
        try (NDArray rows = map.transpose(0, 2, 3, 1)) {
            return rows.reshape(map.getShape().get(0), tokens.at(0), tokens.at(1));
        }
    }

    private static NDArray tokensToMap(NDArray tokens, dev.graft.networks.network.Shape map) {
        try (NDArray rows = tokens.reshape(tokens.getShape().get(0), map.at(1), map.at(2), map.at(0))) {
            return rows.transpose(0, 3, 1, 2);
        }
    }

    private NDArray patchEmbedding(Step step, TransformerOp.PatchEmbedding patches, NDArray images) {
        NDArray weight = parameters.apply(step.name() + ".weight");
        NDArray bias = parameters.apply(step.name() + ".bias");
        Shape stride = new Shape(patches.patchSize(), patches.patchSize());
        try (NDArray map = Conv2d.conv2d(images, weight, bias, stride, new Shape(0, 0), new Shape(1, 1), 1)
                .singletonOrThrow()) {
            return mapToTokens(map, step.outputShape());
        }
    }

    private static NDArray classToken(NDArray token, NDArray tokens) {
        Shape one = new Shape(tokens.getShape().get(0), 1, tokens.getShape().get(CHANNELS_AXIS));
        try (NDArray row = token.broadcast(one)) {
            return NDArrays.concat(new NDList(row, tokens), POSITIONS_AXIS);
        }
    }

    /// Queries, keys and values are views; what is made on the way is closed here, as it is large.
    private NDArray attention(
            TransformerOp.Attention attention, NDArray input, dev.graft.networks.network.Shape tokens) {
        int heads = attention.heads();
        long batch = input.getShape().get(0);
        long headChannels = tokens.at(1) / heads;
        try (NDArray byHead = input.reshape(batch, tokens.at(0), 3, heads, headChannels);
                NDArray turned = byHead.transpose(2, 0, 3, 1, 4);
                NDArray queries = turned.get(0);
                NDArray keys = turned.get(1);
                NDArray values = turned.get(2);
                NDArray turnedKeys = keys.transpose(0, 1, 3, 2);
                NDArray scaled = Constants.product(queries, 1 / Math.sqrt(headChannels));
                NDArray scores = scaled.matMul(turnedKeys);
                NDArray shares = differentiated ? ScriptedFunction.SOFTMAX.compute(scores) : scores.softmax(-1);
                NDArray mixed = shares.matMul(values);
                NDArray joined = mixed.transpose(0, 2, 1, 3)) {
            return joined.reshape(batch, tokens.at(0), tokens.at(1));
        }
    }
}
