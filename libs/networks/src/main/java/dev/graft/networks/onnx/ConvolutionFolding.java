package dev.graft.networks.onnx;

import dev.graft.networks.network.Op;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Step;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import java.util.Arrays;

/// Folds what multiplies and shifts each channel of a convolution's result into its filters and its bias. A
/// batch normalisation multiplies by `weight / sqrt(variance + epsilon)` and shifts by `bias − mean · factor`.
/// Computed in double precision.
///
/// @param weights where both steps take their parameters from
/// @param convolution the convolution
/// @param reader the step that takes its result
record ConvolutionFolding(Weights weights, Step convolution, Step reader) {
    /// Returns whether one operation is a convolution and its reader multiplies and shifts each channel and
    /// does nothing else.
    static boolean folds(Op reader, Op read) {
        return read instanceof Op.Conv2d && (reader instanceof Op.BatchNorm || reader instanceof Op.Scale);
    }

    Shape filterShape() {
        return convolution.parameters().getFirst().shape();
    }

    FloatTensor filters() {
        double[] factors = channels().factors();
        float[] folded = weights.tensor(convolution.parameters().getFirst()).toArray();
        int perChannel = folded.length / factors.length;
        for (int i = 0; i < folded.length; i++) {
            folded[i] = (float) (folded[i] * factors[i / perChannel]);
        }
        return FloatTensor.of(filterShape(), folded);
    }

    FloatTensor bias() {
        Channels channels = channels();
        boolean hasBias = convolution.parameters().size() > 1;
        float[] bias =
                hasBias ? weights.tensor(convolution.parameters().getLast()).toArray() : new float[outChannels()];
        for (int channel = 0; channel < bias.length; channel++) {
            bias[channel] = (float) (bias[channel] * channels.factors()[channel] + channels.shifts()[channel]);
        }
        return FloatTensor.of(Shape.of(bias.length), bias);
    }

    private Channels channels() {
        Channels channels = new Channels(new double[outChannels()], new double[outChannels()]);
        if (reader.op() instanceof Op.BatchNorm(double epsilon)) {
            float[] weight = weights.tensor(reader.name() + ".weight").toArray();
            float[] bias = weights.tensor(reader.name() + ".bias").toArray();
            float[] mean = weights.tensor(reader.name() + ".running_mean").toArray();
            float[] variance = weights.tensor(reader.name() + ".running_var").toArray();
            for (int channel = 0; channel < weight.length; channel++) {
                channels.factors()[channel] = weight[channel] / Math.sqrt(variance[channel] + epsilon);
                channels.shifts()[channel] = bias[channel] - mean[channel] * channels.factors()[channel];
            }
        } else if (reader.op() instanceof Op.Scale(double factor)) {
            Arrays.fill(channels.factors(), factor);
        }
        return channels;
    }

    private int outChannels() {
        return filterShape().at(0);
    }

    /// What each channel is multiplied by, and what is added then.
    private record Channels(double[] factors, double[] shifts) {}
}
