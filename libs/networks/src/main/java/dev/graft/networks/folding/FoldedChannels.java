package dev.graft.networks.folding;

import dev.graft.networks.network.Op;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/// What a step makes of the channels of the convolution or the linear layer that it reads, as long as nothing
/// moves its running statistics: channel `c` becomes `factor(c) · x + shift(c)`.
///
/// - A batch normalisation (Ioffe and Szegedy, 2015, arXiv:1502.03167) with gain γ, offset β, mean μ and
///   variance σ²: `factor = γ / √(σ² + ε)`, `shift = β − μ · factor`.
/// - A layer scale (Touvron et al., 2021, arXiv:2103.17239) with gain γ: `factor = γ`, `shift = 0`.
/// - A scale: `factor` is its number, `shift = 0`.
///
/// With weights `W` and bias `b` the two steps are one with `W′ = factor · W`, channel by channel, and
/// `b′ = factor · b + shift`. The chain rule gives the gradients of a loss by the parameters as published from
/// those by `W′` and `b′`, where `r = factor / γ`, and the sum is over the weights of a channel:
///
/// `∂W = factor · ∂W′`, `∂b = factor · ∂b′`, `∂γ = r · (Σ ∂W′ · W + ∂b′ · (b − μ))`, `∂β = ∂b′`.
///
/// All is computed in double precision and rounded to float32 once. Immutable; safe for use by several threads
/// at once.
public final class FoldedChannels {
    private final double[] factors;
    private final double[] shifts;

    /// The factors for a gain of 1, `r`.
    private final double[] units;

    private final float[] means;

    private FoldedChannels(double[] factors, double[] shifts, double[] units, float[] means) {
        this.factors = factors;
        this.shifts = shifts;
        this.units = units;
        this.means = means;
    }

    /// Takes the parameters of a step as they are now.
    ///
    /// @param reader a batch normalisation, a scale or a layer scale
    /// @param channels number of channels that it reads
    /// @param parameters gives the numbers of a parameter by its name, float32 `[channels]`; they are copied
    /// @throws IllegalArgumentException when the step is none of these, or has parameters of another size
    public static FoldedChannels of(Step reader, int channels, Function<String, float[]> parameters) {
        String name = reader.name();
        FoldedChannels folded = switch (reader.op()) {
            case Op.BatchNorm(double epsilon) ->
                batchNorm(
                        parameters.apply(name + ".weight"),
                        parameters.apply(name + ".bias"),
                        parameters.apply(name + ".running_mean"),
                        parameters.apply(name + ".running_var"),
                        epsilon);
            case TransformerOp.LayerScale _ -> layerScale(parameters.apply(name));
            case Op.Scale(double factor) -> scale(channels, factor);
            case Op.Input _,
                    Op.Conv2d _,
                    Op.Activate _,
                    Op.Excite _,
                    Op.Add _,
                    Op.Concat _,
                    Op.Flatten _,
                    Op.Linear _,
                    PoolingOp _,
                    TransformerOp _ ->
                throw new IllegalArgumentException(name + " does more than multiply and shift channels");
        };
        if (folded.factors.length != channels) {
            throw new IllegalArgumentException(
                    name + " has parameters of " + folded.factors.length + " channels, not " + channels);
        }
        return folded;
    }

    private static FoldedChannels batchNorm(
            float[] gain, float[] offset, float[] means, float[] variances, double epsilon) {
        double[] factors = new double[gain.length];
        double[] shifts = new double[gain.length];
        double[] units = new double[gain.length];
        for (int channel = 0; channel < gain.length; channel++) {
            double deviation = Math.sqrt(variances[channel] + epsilon);
            factors[channel] = gain[channel] / deviation;
            shifts[channel] = offset[channel] - means[channel] * factors[channel];
            units[channel] = 1 / deviation;
        }
        return new FoldedChannels(factors, shifts, units, means.clone());
    }

    private static FoldedChannels layerScale(float[] gain) {
        double[] factors = new double[gain.length];
        double[] units = new double[gain.length];
        for (int channel = 0; channel < gain.length; channel++) {
            factors[channel] = gain[channel];
            units[channel] = 1;
        }
        return new FoldedChannels(factors, new double[gain.length], units, new float[gain.length]);
    }

    private static FoldedChannels scale(int channels, double factor) {
        double[] factors = new double[channels];
        Arrays.fill(factors, factor);
        return new FoldedChannels(factors, new double[channels], factors, new float[channels]);
    }

    /// Returns the number of channels.
    public int channels() {
        return factors.length;
    }

    /// Returns what each channel is multiplied by, float64 `[channels]`.
    public double[] factors() {
        return factors.clone();
    }

    /// Returns what each channel would be multiplied by if its gain were 1, `r`, float64 `[channels]`; of a
    /// scale, which has no gain, its factor.
    public double[] units() {
        return units.clone();
    }

    /// Returns the weights of both steps as one, `W′`.
    ///
    /// @param weights float32 `[channels, …]`, row-major
    /// @throws IllegalArgumentException when they do not fall into the channels
    public float[] weights(float[] weights) {
        return times(weights);
    }

    /// Returns the bias of both steps as one, `b′`, float32 `[channels]`.
    ///
    /// @param bias float32 `[channels]`, when the step that is read has one
    /// @throws IllegalArgumentException when it has another size
    public float[] bias(Optional<float[]> bias) {
        float[] folded = bias.map(float[]::clone).orElseGet(() -> new float[channels()]);
        requireChannels(folded);
        for (int channel = 0; channel < folded.length; channel++) {
            folded[channel] = (float) (folded[channel] * factors[channel] + shifts[channel]);
        }
        return folded;
    }

    /// Returns the gradients of a loss by the parameters as published.
    ///
    /// @param weights the weights of the step that is read as they were folded, float32 `[channels, …]`
    /// @param bias its bias as it was folded, float32 `[channels]`, when it has one
    /// @param byWeights gradient by the folded weights `W′`, float32 `[channels, …]`
    /// @param byBias gradient by the folded bias `b′`, float32 `[channels]`
    /// @throws IllegalArgumentException when the arrays do not fit each other
    public Gradients gradients(float[] weights, Optional<float[]> bias, float[] byWeights, float[] byBias) {
        requireChannels(byBias);
        bias.ifPresent(this::requireChannels);
        if (weights.length != byWeights.length) {
            throw new IllegalArgumentException(
                    "a gradient of " + byWeights.length + " numbers is not that of " + weights.length + " weights");
        }
        float[] biases = bias.orElseGet(() -> new float[channels()]);
        int perChannel = weights.length / channels();
        float[] byGain = new float[channels()];
        for (int channel = 0; channel < byGain.length; channel++) {
            double sum = byBias[channel] * (biases[channel] - (double) means[channel]);
            for (int i = channel * perChannel; i < (channel + 1) * perChannel; i++) {
                sum += (double) byWeights[i] * weights[i];
            }
            byGain[channel] = (float) (units[channel] * sum);
        }
        return new Gradients(times(byWeights), times(byBias), byGain, byBias.clone());
    }

    private float[] times(float[] values) {
        if (values.length % channels() != 0) {
            throw new IllegalArgumentException(values.length + " numbers do not fall into " + channels() + " channels");
        }
        int perChannel = values.length / channels();
        float[] product = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            product[i] = (float) (values[i] * factors[i / perChannel]);
        }
        return product;
    }

    private void requireChannels(float[] values) {
        if (values.length != channels()) {
            throw new IllegalArgumentException(values.length + " numbers are not those of " + channels() + " channels");
        }
    }

    /// Gradients by the parameters as published. Those by parameters that the steps do not have, or that are
    /// not trained, are the caller's to leave out: a scale has no gain and no offset, a layer scale has no
    /// offset.
    ///
    /// @param byWeights by the weights of the step that is read, float32 `[channels, …]`
    /// @param byBias by its bias, float32 `[channels]`
    /// @param byGain by the reader's gain, float32 `[channels]`
    /// @param byOffset by the reader's offset, float32 `[channels]`
    public record Gradients(float[] byWeights, float[] byBias, float[] byGain, float[] byOffset) {}
}
