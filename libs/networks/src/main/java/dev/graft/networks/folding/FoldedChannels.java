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

    private FoldedChannels(double[] factors, double[] shifts, double[] units) {
        this.factors = factors;
        this.shifts = shifts;
        this.units = units;
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
        return new FoldedChannels(factors, shifts, units);
    }

    private static FoldedChannels layerScale(float[] gain) {
        double[] factors = new double[gain.length];
        double[] units = new double[gain.length];
        for (int channel = 0; channel < gain.length; channel++) {
            factors[channel] = gain[channel];
            units[channel] = 1;
        }
        return new FoldedChannels(factors, new double[gain.length], units);
    }

    private static FoldedChannels scale(int channels, double factor) {
        double[] factors = new double[channels];
        Arrays.fill(factors, factor);
        return new FoldedChannels(factors, new double[channels], factors);
    }

    /// Returns the number of channels.
    public int channels() {
        return factors.length;
    }

    /// Returns what each channel would be multiplied by if its gain were 1, `r`, float32 `[channels]`; of a
    /// scale, which has no gain, its factor.
    public float[] units() {
        float[] rounded = new float[units.length];
        for (int channel = 0; channel < rounded.length; channel++) {
            rounded[channel] = (float) units[channel];
        }
        return rounded;
    }

    /// Returns the weights of both steps as one, `W′`.
    ///
    /// @param weights float32 `[channels, …]`, row-major
    /// @throws IllegalArgumentException when they do not fall into the channels
    public float[] weights(float[] weights) {
        if (weights.length % channels() != 0) {
            throw new IllegalArgumentException(
                    weights.length + " numbers do not fall into " + channels() + " channels");
        }
        int perChannel = weights.length / channels();
        float[] folded = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            folded[i] = (float) (weights[i] * factors[i / perChannel]);
        }
        return folded;
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

    private void requireChannels(float[] values) {
        if (values.length != channels()) {
            throw new IllegalArgumentException(values.length + " numbers are not those of " + channels() + " channels");
        }
    }
}
