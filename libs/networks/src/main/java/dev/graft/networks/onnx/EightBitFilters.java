package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;

/// The filters of a convolution in eight bits. Each output channel has the scale at which its greatest weight is
/// the greatest integer. The weights of a channel are rounded so that their sum is kept: what a filter gives
/// where its input is even then stays what it was, and the features come twice as close (1 − cosine, on
/// photographs).
///
/// @param filters float32 `[out, in, height, width]`, recomputed whenever it is asked for
/// @param bias float32 `[out]`
/// @param inputScale scale of the bytes that the convolution takes
/// @param greatest greatest integer
record EightBitFilters(
        Supplier<FloatTensor> filters, Optional<Supplier<FloatTensor>> bias, float inputScale, int greatest) {
    private static final double LARGEST_BIAS = 1 << 30;
    private static final int HALVINGS = 30;
    private static final ValueLayout.OfInt LITTLE_ENDIAN =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Returns the weights, int8 `[out, in, height, width]`.
    MemorySegment weights() {
        FloatTensor tensor = filters.get();
        FloatTensor scales = scales(tensor);
        int channels = tensor.shape().at(0);
        int perChannel = Math.toIntExact(tensor.shape().elements() / channels);
        byte[] bytes = new byte[Math.multiplyExact(channels, perChannel)];
        double[] exact = new double[perChannel];
        for (int channel = 0; channel < channels; channel++) {
            long first = (long) channel * perChannel;
            for (int i = 0; i < perChannel; i++) {
                exact[i] = tensor.at(first + i) / (double) scales.at(channel);
            }
            double shift = sumKeepingShift(exact);
            for (int i = 0; i < perChannel; i++) {
                bytes[(int) first + i] = (byte) rounded(exact[i], shift);
            }
        }
        return MemorySegment.ofArray(bytes);
    }

    /// Returns the scale of each output channel, float32 `[out]`.
    FloatTensor scales() {
        return scales(filters.get());
    }

    /// Returns the biases, int32 `[out]`.
    MemorySegment biases() {
        FloatTensor values = bias.orElseThrow().get();
        FloatTensor scales = biasScales();
        MemorySegment integers =
                MemorySegment.ofArray(new byte[Math.toIntExact(values.data().byteSize())]);
        for (int channel = 0; channel < values.shape().at(0); channel++) {
            double exact = values.at(channel) / (double) scales.at(channel);
            integers.setAtIndex(LITTLE_ENDIAN, channel, (int) Math.rint(exact));
        }
        return integers;
    }

    /// Returns the scale of each bias, float32 `[out]`.
    FloatTensor biasScales() {
        float[] scales = scales().toArray();
        for (int channel = 0; channel < scales.length; channel++) {
            scales[channel] *= inputScale;
        }
        return FloatTensor.of(Shape.of(scales.length), scales);
    }

    /// A channel whose weights are next to nothing beside its bias gets a coarser scale, so that the bias fits.
    private FloatTensor scales(FloatTensor tensor) {
        float[] scales = new float[tensor.shape().at(0)];
        long perChannel = tensor.shape().elements() / scales.length;
        Optional<FloatTensor> biases = bias.map(Supplier::get);
        for (int channel = 0; channel < scales.length; channel++) {
            double largest = Float.MIN_NORMAL;
            for (long i = channel * perChannel; i < (channel + 1) * perChannel; i++) {
                largest = Math.max(largest, Math.abs(tensor.at(i)));
            }
            double biasSize = biases.isPresent() ? Math.abs(biases.get().at(channel)) : 0;
            scales[channel] = (float) Math.max(largest / greatest, biasSize / inputScale / LARGEST_BIAS);
        }
        return FloatTensor.of(Shape.of(scales.length), scales);
    }

    /// Finds where rounding up must begin, relative to one half, for the sum of the rounded numbers to be that
    /// of the exact ones.
    private double sumKeepingShift(double[] exact) {
        double sum = 0;
        for (double number : exact) {
            sum += number;
        }
        if (Math.abs(sumOfRounded(exact, 0) - sum) <= 0.5) {
            return 0;
        }
        double low = -0.5;
        double high = 0.5;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (sumOfRounded(exact, middle) < sum) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.abs(sumOfRounded(exact, low) - sum) < Math.abs(sumOfRounded(exact, high) - sum) ? low : high;
    }

    private double sumOfRounded(double[] exact, double shift) {
        double sum = 0;
        for (double number : exact) {
            sum += rounded(number, shift);
        }
        return sum;
    }

    private double rounded(double number, double shift) {
        return Math.clamp(Math.rint(number + shift), -greatest, greatest);
    }
}
