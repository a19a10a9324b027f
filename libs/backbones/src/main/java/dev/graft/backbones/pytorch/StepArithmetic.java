package dev.graft.backbones.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.graft.backbones.network.Activation;
import dev.graft.backbones.network.Op;
import dev.graft.backbones.network.Padding;
import dev.graft.backbones.network.Step;
import dev.graft.backbones.network.TransformerOp;
import dev.graft.backbones.network.Window;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Computes single steps of a network on arrays `[batch, …]`. Never closes its arguments, and always gives a new
/// array.
///
/// @param parameters gives the array of a parameter by its name
record StepArithmetic(Function<String, NDArray> parameters) {
    /// Momentum has no effect, as running statistics are never moved.
    private static final float NO_MOMENTUM = 0;

    private static final int CHANNEL_AXIS = 1;

    /// Computes a step.
    ///
    /// @param step the step
    /// @param inputs its arguments
    NDArray compute(Step step, List<NDArray> inputs) {
        NDArray first = inputs.get(0);
        return switch (step.op()) {
            case Op.Input _ -> throw new IllegalStateException("the input is given, not computed");
            case Op.Conv2d conv -> convolution(step.name(), conv, first, step.inputShape());
            case Op.BatchNorm batchNorm -> batchNorm(step.name(), batchNorm, first);
            case Op.Activate activate -> activation(activate.function(), first);
            case Op.MaxPool pool -> maxPool(pool.window(), first, step.inputShape());
            case Op.AveragePool pool -> averagePool(pool, first, step);
            case Op.GlobalAveragePool _ ->
                step.inputShape().isTokens() ? first.mean(new int[] {1}) : Pool.globalAvgPool2d(first);
            case Op.Squeeze _ -> JniUtils.adaptiveAvgPool((PtNDArray) first, new Shape(1, 1));
            case Op.Excite _ -> first.mul(inputs.get(1));
            case Op.AdaptiveAveragePool _ ->
                JniUtils.adaptiveAvgPool(
                        (PtNDArray) first,
                        new Shape(step.outputShape().at(1), step.outputShape().at(2)));
            case Op.Scale scale -> first.mul(scale.factor());
            case Op.Add _ -> first.add(inputs.get(1));
            case Op.Concat _ -> NDArrays.concat(new NDList(inputs), CHANNEL_AXIS);
            case Op.Flatten _ ->
                first.reshape(first.getShape().get(0), step.inputShape().elements());
            case Op.Linear linear ->
                (linear.bias()
                                ? Linear.linear(first, weight(step.name()), bias(step.name()))
                                : Linear.linear(first, weight(step.name())))
                        .singletonOrThrow();
            case TransformerOp op -> new TransformerArithmetic(parameters).compute(step, op, first);
        };
    }

    private NDArray convolution(String name, Op.Conv2d conv, NDArray input, dev.graft.backbones.network.Shape shape) {
        Window window = conv.window();
        Padding.Amounts pads = window.paddingOn(shape);
        @Nullable NDArray bias = conv.bias() ? bias(name) : null;
        if (pads.isSymmetric()) {
            return convolve(input, weight(name), bias, window, new Shape(pads.top(), pads.left()), conv.groups());
        }
        try (NDArray padded = padded(input, pads, 0)) {
            return convolve(padded, weight(name), bias, window, new Shape(0, 0), conv.groups());
        }
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

    private static NDArray activation(Activation function, NDArray input) {
        return switch (function) {
            case RELU -> ai.djl.nn.Activation.relu(input);
            case RELU6 -> input.clip(0, 6);
            case SIGMOID -> ai.djl.nn.Activation.sigmoid(input);
            case SWISH -> ai.djl.nn.Activation.swish(input, 1);
            case GELU -> ai.djl.nn.Activation.gelu(input);
        };
    }

    private static NDArray maxPool(Window window, NDArray input, dev.graft.backbones.network.Shape shape) {
        Padding.Amounts pads = window.paddingOn(shape);
        if (pads.isSymmetric()) {
            return maxPool(window, input, new Shape(pads.top(), pads.left()));
        }
        try (NDArray padded = padded(input, pads, Double.NEGATIVE_INFINITY)) {
            return maxPool(window, padded, new Shape(0, 0));
        }
    }

    private static NDArray maxPool(Window window, NDArray input, Shape padding) {
        return Pool.maxPool2d(
                input,
                new Shape(window.height(), window.width()),
                new Shape(window.stride(), window.stride()),
                padding,
                false);
    }

    /// DJL's native library counts padded zeros whatever it is told, so their weight is taken out afterwards.
    private static NDArray averagePool(Op.AveragePool pool, NDArray input, Step step) {
        Window window = pool.window();
        Padding.Amounts pads = window.paddingOn(step.inputShape());
        NDArray mean = Pool.avgPool2d(
                input,
                new Shape(window.height(), window.width()),
                new Shape(window.stride(), window.stride()),
                new Shape(pads.top(), pads.left()),
                false,
                true);
        if (pool.countPadding() || pads.top() + pads.left() == 0) {
            return mean;
        }
        int rows = step.outputShape().at(1);
        int columns = step.outputShape().at(2);
        float[] correction = new float[rows * columns];
        for (int i = 0; i < correction.length; i++) {
            int height = inside(
                    i / columns * window.stride() - pads.top(),
                    window.height(),
                    step.inputShape().at(1));
            int width = inside(
                    i % columns * window.stride() - pads.left(),
                    window.width(),
                    step.inputShape().at(2));
            correction[i] = (float) (window.height() * window.width()) / (height * width);
        }
        try (mean;
                NDArray factor = input.getManager().create(correction, new Shape(1, 1, rows, columns))) {
            return mean.mul(factor);
        }
    }

    /// Returns how many of a window's positions from `first` on lie inside an axis.
    private static int inside(int first, int window, int extent) {
        return Math.min(first + window, extent) - Math.max(first, 0);
    }

    /// Pads rows and columns; PyTorch wants the amounts of the last axis first.
    private static NDArray padded(NDArray input, Padding.Amounts pads, double value) {
        return input.pad(new Shape(pads.left(), pads.right(), pads.top(), pads.bottom()), value);
    }

    private NDArray weight(String name) {
        return parameters.apply(name + ".weight");
    }

    private NDArray bias(String name) {
        return parameters.apply(name + ".bias");
    }
}
