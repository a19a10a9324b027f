package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.graft.networks.network.Padding;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.Window;

/// Computes poolings. Never closes its argument, and always gives a new array.
final class PoolingArithmetic {
    private PoolingArithmetic() {}

    /// Computes a step.
    ///
    /// @param step the step
    /// @param op its operation
    /// @param input its argument, `[batch, …]`
    static NDArray compute(Step step, PoolingOp op, NDArray input) {
        return switch (op) {
            case PoolingOp.MaxPool pool -> maxPool(pool.window(), input, step);
            case PoolingOp.AveragePool pool -> averagePool(pool, input, step);
            case PoolingOp.GlobalAveragePool _ ->
                step.inputShape().isTokens() ? input.mean(new int[] {1}) : Pool.globalAvgPool2d(input);
            case PoolingOp.Squeeze _ -> adaptive(input, 1, 1);
            case PoolingOp.AdaptiveAveragePool _ ->
                adaptive(input, step.outputShape().at(1), step.outputShape().at(2));
        };
    }

    private static NDArray adaptive(NDArray input, int height, int width) {
        return JniUtils.adaptiveAvgPool((PtNDArray) input, new Shape(height, width));
    }

    private static NDArray maxPool(Window window, NDArray input, Step step) {
        Padding.Amounts pads = window.paddingOn(step.inputShape());
        if (pads.isSymmetric()) {
            return maxPool(window, input, new Shape(pads.top(), pads.left()));
        }
        try (NDArray padded = StepArithmetic.padded(input, pads, Double.NEGATIVE_INFINITY)) {
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

    /// DJL's native library counts padded zeros whatever it is asked, so their weight is taken out afterwards.
    private static NDArray averagePool(PoolingOp.AveragePool pool, NDArray input, Step step) {
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
                NDArray factor = Constants.of(input.getManager(), correction, new Shape(1, 1, rows, columns))) {
            return mean.mul(factor);
        }
    }

    /// Returns how many of a window's positions from `first` on lie inside an axis.
    private static int inside(int first, int window, int extent) {
        return Math.min(first + window, extent) - Math.max(first, 0);
    }
}
