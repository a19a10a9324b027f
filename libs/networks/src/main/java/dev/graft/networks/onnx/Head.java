package dev.graft.networks.onnx;

import java.util.List;

/// What follows the features in a classifier: layers, then probabilities. Standardisation of the features and
/// temperature must be folded into the layers already.
///
/// @param layers the layers, each taking what the one before gives; at least one
/// @param output how the last layer's numbers become probabilities
public record Head(List<Dense> layers, Output output) {
    /// How numbers become probabilities.
    public enum Output {
        /// One number a class; `exp(x) / Σ exp(x)`.
        SOFTMAX,
        /// One number altogether; the second of the two classes has the probability `1 / (1 + exp(−x))`.
        SIGMOID
    }

    /// Checks that the layers fit each other and the output.
    public Head {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a head needs a layer");
        }
        for (int i = 1; i < layers.size(); i++) {
            if (layers.get(i).inFeatures() != layers.get(i - 1).outFeatures()) {
                throw new IllegalArgumentException("layer " + i + " of the head does not fit the one before");
            }
        }
        if (output == Output.SIGMOID && layers.getLast().outFeatures() != 1) {
            throw new IllegalArgumentException("a sigmoid head ends in one number");
        }
    }

    /// Returns the number of features the head takes.
    public int inFeatures() {
        return layers.getFirst().inFeatures();
    }

    /// Returns the number of classes it distinguishes.
    public int classes() {
        return output == Output.SIGMOID ? 2 : layers.getLast().outFeatures();
    }
}
