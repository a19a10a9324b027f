package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Padding;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import dev.graft.networks.network.Window;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Computes single steps of a network on arrays `[batch, …]`, which may be differentiated. Never closes its
/// arguments, and always gives a new array. Numbers are multiplied by as [Constants], never as Java's.
///
/// @param parameters gives the array of a parameter by its name
/// @param differentiated whether they are computed by what is fastest on the way back, not on the way there
record StepArithmetic(Function<String, NDArray> parameters, boolean differentiated) implements Arithmetic {
    /// Momentum has no effect, as running statistics are never moved.
    private static final float NO_MOMENTUM = 0;

    private static final int CHANNEL_AXIS = 1;

    @Override
    public NDArray compute(Step step, List<NDArray> inputs) {
        NDArray first = inputs.get(0);
        return switch (step.op()) {
            case Op.Input _ -> throw new IllegalStateException("the input is given, not computed");
            case Op.Conv2d conv -> convolution(step.name(), conv, first, step.inputShape());
            case Op.BatchNorm batchNorm -> batchNorm(step.name(), batchNorm, first);
            case Op.Activate activate -> activation(activate.function(), first);
            case Op.Excite _ -> first.mul(inputs.get(1));
            case Op.Scale scale -> Constants.product(first, scale.factor());
            case Op.Add _ -> first.add(inputs.get(1));
            case Op.Concat _ -> NDArrays.concat(new NDList(inputs), CHANNEL_AXIS);
            case Op.Flatten _ ->
                first.reshape(first.getShape().get(0), step.inputShape().elements());
            case Op.Linear linear ->
                (linear.bias()
                                ? Linear.linear(first, weight(step.name()), bias(step.name()))
                                : Linear.linear(first, weight(step.name())))
                        .singletonOrThrow();
            case PoolingOp op -> PoolingArithmetic.compute(step, op, first);
            case TransformerOp op -> new TransformerArithmetic(parameters, differentiated).compute(step, op, first);
        };
    }

    private NDArray convolution(String name, Op.Conv2d conv, NDArray input, dev.graft.networks.network.Shape shape) {
        Window window = conv.window();
        Padding.Amounts pads = window.paddingOn(shape);
        @Nullable NDArray bias = conv.bias() ? bias(name) : null;
        if (differentiated && isPointwise(conv, pads)) {
            return ChannelsLast.pointwise(input, weight(name), bias);
        }
        if (pads.isSymmetric()) {
            return convolve(input, weight(name), bias, window, new Shape(pads.top(), pads.left()), conv.groups());
        }
        try (NDArray padded = padded(input, pads, 0)) {
            return convolve(padded, weight(name), bias, window, new Shape(0, 0), conv.groups());
        }
    }

    private static boolean isPointwise(Op.Conv2d conv, Padding.Amounts pads) {
        Window window = conv.window();
        boolean padded = !pads.isSymmetric() || pads.top() + pads.left() > 0;
        return conv.groups() == 1 && window.height() * window.width() * window.stride() == 1 && !padded;
    }

    private static NDArray convolve(
            NDArray input, NDArray weight, @Nullable NDArray bias, Window window, Shape padding, int groups) {
        Shape stride = new Shape(window.stride(), window.stride());
        return Conv2d.conv2d(input, weight, bias, stride, padding, new Shape(1, 1), groups)
                .singletonOrThrow();
    }

    private NDArray batchNorm(String name, Op.BatchNorm batchNorm, NDArray input) {
        return BatchNorm.batchNorm(
                        input,
                        parameters.apply(name + ".running_mean"),
                        parameters.apply(name + ".running_var"),
                        weight(name),
                        bias(name),
                        CHANNEL_AXIS,
                        NO_MOMENTUM,
                        (float) batchNorm.epsilon(),
                        false)
                .singletonOrThrow();
    }

    private NDArray activation(Activation function, NDArray input) {
        return switch (function) {
            case RELU -> ai.djl.nn.Activation.relu(input);
            case RELU6 -> differentiated ? ScriptedFunction.RELU6.compute(input) : input.clip(0, 6);
            case SIGMOID -> ai.djl.nn.Activation.sigmoid(input);
            case SWISH -> differentiated ? ScriptedFunction.SWISH.compute(input) : swish(input);
            case GELU -> ai.djl.nn.Activation.gelu(input);
        };
    }

    /// As DJL's, whose product with the number 1 is read by the backward pass when its memory is free
    /// ([Constants]).
    private static NDArray swish(NDArray input) {
        try (NDArray gate = ai.djl.nn.Activation.sigmoid(input)) {
            return gate.mul(input);
        }
    }

    /// Pads rows and columns; PyTorch wants the amounts of the last axis first.
    static NDArray padded(NDArray input, Padding.Amounts pads, double value) {
        return input.pad(new Shape(pads.left(), pads.right(), pads.top(), pads.bottom()), value);
    }

    private NDArray weight(String name) {
        return parameters.apply(name + ".weight");
    }

    private NDArray bias(String name) {
        return parameters.apply(name + ".bias");
    }
}
