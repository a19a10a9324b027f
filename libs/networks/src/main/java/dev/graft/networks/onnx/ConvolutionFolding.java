package dev.graft.networks.onnx;

import dev.graft.networks.folding.FoldedChannels;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Step;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import java.util.Optional;

/// Folds what multiplies and shifts each channel of a convolution's result into its filters and its bias.
///
/// @param weights where both steps take their parameters from
/// @param convolution the convolution
/// @param reader the step that takes its result
record ConvolutionFolding(Weights weights, Step convolution, Step reader) {
    Shape filterShape() {
        return convolution.parameters().getFirst().shape();
    }

    FloatTensor filters() {
        float[] filters = values(convolution.parameters().getFirst());
        return FloatTensor.of(filterShape(), channels().weights(filters));
    }

    FloatTensor bias() {
        Optional<float[]> bias =
                convolution.parameters().stream().skip(1).findFirst().map(this::values);
        return FloatTensor.of(Shape.of(outChannels()), channels().bias(bias));
    }

    private FoldedChannels channels() {
        return FoldedChannels.of(
                reader, outChannels(), name -> weights.tensor(name).toArray());
    }

    private float[] values(ParameterSpec parameter) {
        return weights.tensor(parameter).toArray();
    }

    private int outChannels() {
        return filterShape().at(0);
    }
}
