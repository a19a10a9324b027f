package dev.graft.backbones.onnx;

import dev.graft.backbones.network.Shape;
import dev.graft.backbones.weights.FloatTensor;
import dev.graft.backbones.weights.Weights;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Folds a batch normalisation into the convolution before it: `scale = weight / sqrt(variance + epsilon)` multiplies
/// the filters of each channel, and `bias + (filter bias − mean) · scale` becomes its bias. Computed in double
/// precision.
///
/// @param weights where both take their parameters from
/// @param convolution name of the convolution's node
/// @param convolutionBias whether the convolution has a bias
/// @param batchNorm name of the normalisation's node
/// @param epsilon what is added to the variance
record BatchNormFolding(
        Weights weights, String convolution, boolean convolutionBias, String batchNorm, double epsilon) {
    FloatTensor filters() {
        FloatTensor filters = weights.tensor(convolution + ".weight");
        double[] scale = scale();
        float[] folded = filters.toArray();
        int perChannel = folded.length / scale.length;
        for (int i = 0; i < folded.length; i++) {
            folded[i] = (float) (folded[i] * scale[i / perChannel]);
        }
        return FloatTensor.of(filters.shape(), folded);
    }

    FloatTensor bias() {
        double[] scale = scale();
        FloatTensor shift = weights.tensor(batchNorm + ".bias");
        FloatTensor mean = weights.tensor(batchNorm + ".running_mean");
        @Nullable FloatTensor bias = convolutionBias ? weights.tensor(convolution + ".bias") : null;
        float[] folded = new float[scale.length];
        for (int channel = 0; channel < folded.length; channel++) {
            double before = bias == null ? 0 : bias.at(channel);
            folded[channel] = (float) (shift.at(channel) + (before - mean.at(channel)) * scale[channel]);
        }
        return FloatTensor.of(Shape.of(folded.length), folded);
    }

    private double[] scale() {
        float[] weight = weights.tensor(batchNorm + ".weight").toArray();
        FloatTensor variance = weights.tensor(batchNorm + ".running_var");
        DoubleUnaryOperator deviation = v -> Math.sqrt(v + epsilon);
        double[] scale = new double[weight.length];
        for (int channel = 0; channel < scale.length; channel++) {
            scale[channel] = weight[channel] / deviation.applyAsDouble(variance.at(channel));
        }
        return scale;
    }
}
