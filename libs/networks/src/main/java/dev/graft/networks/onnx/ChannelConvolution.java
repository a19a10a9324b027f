package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import java.util.List;

/// A batch normalisation as a convolution with one weight a channel, which runtimes compute in integers as a
/// normalisation they do not. The weight is the greatest integer, so that nothing is lost.
///
/// @param node  the normalisation
/// @param terms of each channel the factor, the shift, the mean and the variance
record ChannelConvolution(GraphNode.BatchNormalization node, List<Constant.Floats> terms) {
    /// Returns the convolution, which takes the map, [#factors] and [#shifts].
    GraphNode convolution() {
        return new GraphNode.Operation(
                Operator.CONV,
                List.of(node.inputs().getFirst(), factors().name(), shifts().name()),
                List.of(node.name()),
                List.of(Attribute.of("kernel_shape", new long[] {1, 1}), Attribute.of("group", channels())));
    }

    /// Returns the filters, `[channels, 1, 1, 1]`.
    Constant.Floats factors() {
        Shape shape = Shape.of(channels(), 1, 1, 1);
        return new Constant.Floats(node.name() + "/factors", shape, () -> FloatTensor.of(shape, factorValues()));
    }

    /// Returns the biases, `[channels]`.
    Constant.Floats shifts() {
        Shape shape = Shape.of(channels());
        return new Constant.Floats(node.name() + "/shifts", shape, () -> FloatTensor.of(shape, shiftValues()));
    }

    private int channels() {
        return terms.getFirst().shape().at(0);
    }

    private float[] factorValues() {
        float[] factors = terms.get(0).content().get().toArray();
        FloatTensor variances = terms.get(3).content().get();
        for (int channel = 0; channel < factors.length; channel++) {
            factors[channel] = (float) (factors[channel] / Math.sqrt(variances.at(channel) + node.epsilon()));
        }
        return factors;
    }

    private float[] shiftValues() {
        float[] factors = factorValues();
        float[] shifts = terms.get(1).content().get().toArray();
        FloatTensor means = terms.get(2).content().get();
        for (int channel = 0; channel < shifts.length; channel++) {
            shifts[channel] = (float) (shifts[channel] - (double) factors[channel] * means.at(channel));
        }
        return shifts;
    }
}
