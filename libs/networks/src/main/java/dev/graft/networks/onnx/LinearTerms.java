package dev.graft.networks.onnx;

import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import java.util.Optional;

/// Gives a linear layer's matrix in the order of a product `tokens · matrix`, and its bias; a layer scale that follows
/// is multiplied into both.
///
/// @param weights gives the parameters
/// @param weight the matrix `[out, in]`
/// @param scale factors of the results, if a layer scale is folded
record LinearTerms(Weights weights, ParameterSpec weight, Optional<ParameterSpec> scale) {
    /// Returns the shape of [#matrix].
    Shape matrixShape() {
        return Shape.of(weight.shape().at(1), weight.shape().at(0));
    }

    /// Returns the matrix `[in, out]`.
    FloatTensor matrix() {
        return transposed(scaled(weight));
    }

    /// Returns the bias `[out]`.
    FloatTensor bias(ParameterSpec bias) {
        return scaled(bias);
    }

    static FloatTensor transposed(FloatTensor matrix) {
        int rows = matrix.shape().at(0);
        int columns = matrix.shape().at(1);
        float[] source = matrix.toArray();
        float[] target = new float[source.length];
        for (int i = 0; i < source.length; i++) {
            target[i % columns * rows + i / columns] = source[i];
        }
        return FloatTensor.of(Shape.of(columns, rows), target);
    }

    /// Multiplies all numbers of a result by its factor.
    private FloatTensor scaled(ParameterSpec parameter) {
        FloatTensor tensor = weights.tensor(parameter);
        if (scale.isEmpty()) {
            return tensor;
        }
        float[] factors = weights.tensor(scale.get()).toArray();
        float[] values = tensor.toArray();
        int columns = values.length / factors.length;
        for (int i = 0; i < values.length; i++) {
            values[i] *= factors[i / columns];
        }
        return FloatTensor.of(tensor.shape(), values);
    }
}
