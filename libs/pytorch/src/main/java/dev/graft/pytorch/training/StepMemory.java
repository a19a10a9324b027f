package dev.graft.pytorch.training;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;

/// Estimates the memory that one step of a training takes while it is under way.
public final class StepMemory {
    /// On the way back there are gradients by the results of a step, of those it reads, and what it
    /// computes with.
    private static final long GRADIENTS_AT_ONCE = 3;

    /// Parameters folded, and gradients by them, as they are folded and as published.
    private static final long COPIES_OF_TRAINED = 3;

    private static final long BFLOAT16_BYTES = 2;

    private StepMemory() {}

    /// Estimates what is kept of one row at its greatest.
    ///
    /// @param network the part that is differentiated, from the lowest step that is trained upwards
    /// @param mixedPrecision whether its steps are computed in bfloat16, normalisations in float32
    /// @return bytes, at least 1
    public static long rowBytes(Network network, boolean mixedPrecision) {
        long sum = 0;
        long greatest = 1;
        for (Step step : network.steps()) {
            long bytes = step.outputShape().elements() * bytesPerNumber(step, mixedPrecision);
            sum += bytes;
            greatest = Math.max(greatest, bytes);
        }
        return sum + GRADIENTS_AT_ONCE * greatest;
    }

    /// Normalisations of channels are folded into what they read, and keep nothing.
    private static long bytesPerNumber(Step step, boolean mixedPrecision) {
        if (step.op() instanceof Op.BatchNorm) {
            return 0;
        }
        return mixedPrecision && !(step.op() instanceof TransformerOp.LayerNorm) ? BFLOAT16_BYTES : Float.BYTES;
    }

    /// Estimates the parameters that are rounded to bfloat16 for a pass.
    ///
    /// @param network the part that is differentiated
    /// @param mixedPrecision whether it is computed so
    /// @return bytes
    public static long roundedBytes(Network network, boolean mixedPrecision) {
        return mixedPrecision ? network.parameterCount() * BFLOAT16_BYTES : 0;
    }

    /// Estimates what a step takes whatever its rows.
    ///
    /// @param trained parameters that are trained, in numbers
    /// @return bytes
    static long fixedBytes(Network network, long trained, boolean mixedPrecision) {
        return trained * COPIES_OF_TRAINED * Float.BYTES + roundedBytes(network, mixedPrecision);
    }
}
