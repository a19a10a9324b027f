package dev.graft.networks.onnx;

import dev.graft.networks.network.Activation;
import dev.graft.networks.weights.FloatTensor;
import java.util.Optional;

/// One layer of a head: `activation(weight · x + bias)`.
///
/// @param weight `[out, in]`
/// @param bias `[out]`
/// @param activation what follows, nothing in the last layer
public record Dense(FloatTensor weight, FloatTensor bias, Optional<Activation> activation) {
    /// Checks that matrix and bias fit each other.
    public Dense {
        if (weight.shape().rank() != 2
                || bias.shape().rank() != 1
                || bias.shape().at(0) != weight.shape().at(0)) {
            throw new IllegalArgumentException(
                    "a matrix of " + weight.shape() + " and a bias of " + bias.shape() + " do not fit");
        }
    }

    /// Makes a layer without activation.
    public Dense(FloatTensor weight, FloatTensor bias) {
        this(weight, bias, Optional.empty());
    }

    /// Returns the number of features the layer takes.
    public int inFeatures() {
        return weight.shape().at(1);
    }

    /// Returns the number of features the layer gives.
    public int outFeatures() {
        return weight.shape().at(0);
    }
}
