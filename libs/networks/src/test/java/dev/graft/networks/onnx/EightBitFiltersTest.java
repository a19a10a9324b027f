package dev.graft.networks.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EightBitFiltersTest {
    private static final int CHANNELS = 8;
    private static final int PER_CHANNEL = 45;

    @ParameterizedTest
    @ValueSource(ints = {127, 64})
    void reachTheGreatestIntegerAndKeepTheSumOfEachChannel(int greatest) {
        FloatTensor filters = random(Shape.of(CHANNELS, 5, 3, 3));
        EightBitFilters bytes = new EightBitFilters(() -> filters, Optional.empty(), 0.5f, greatest);
        MemorySegment weights = bytes.weights();
        FloatTensor scales = bytes.scales();
        assertThat(weights.byteSize()).isEqualTo(CHANNELS * PER_CHANNEL);
        for (int channel = 0; channel < CHANNELS; channel++) {
            int largest = 0;
            double lost = 0;
            for (int i = channel * PER_CHANNEL; i < (channel + 1) * PER_CHANNEL; i++) {
                byte weight = weights.get(ValueLayout.JAVA_BYTE, i);
                double exact = filters.at(i) / scales.at(channel);
                // Rounded to one of both neighbours.
                assertThat((double) weight).isCloseTo(exact, within(1.0));
                largest = Math.max(largest, Math.abs(weight));
                lost += exact - weight;
            }
            assertThat(largest).isEqualTo(greatest);
            // Two numbers may be rounded at the same place, and then go together.
            assertThat(lost).isCloseTo(0, within(1.0));
        }
    }

    @Test
    void giveEachBiasTheProductOfBothScales() {
        FloatTensor filters = random(Shape.of(CHANNELS, 1, 3, 3));
        FloatTensor bias = random(Shape.of(CHANNELS));
        EightBitFilters bytes = new EightBitFilters(() -> filters, Optional.of(() -> bias), 0.02f, 127);
        MemorySegment integers = bytes.biases();
        for (int channel = 0; channel < CHANNELS; channel++) {
            float scale = bytes.biasScales().at(channel);
            assertThat(scale).isEqualTo(bytes.scales().at(channel) * 0.02f);
            assertThat(integers.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, channel) * scale)
                    .isCloseTo(bias.at(channel), within(scale));
        }
    }

    @Test
    void keepTheBiasOfAChannelWhoseWeightsAreNothing() {
        FloatTensor filters = FloatTensor.of(Shape.of(2, 1, 1, 1), 0, 1e-30f);
        FloatTensor bias = FloatTensor.of(Shape.of(2), 3, -700);
        EightBitFilters bytes = new EightBitFilters(() -> filters, Optional.of(() -> bias), 0.02f, 127);
        for (int channel = 0; channel < 2; channel++) {
            int integer = bytes.biases().getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, channel);
            assertThat(integer * bytes.biasScales().at(channel)).isCloseTo(bias.at(channel), within(1e-4f));
            assertThat(bytes.weights().get(ValueLayout.JAVA_BYTE, channel)).isZero();
        }
    }

    private static FloatTensor random(Shape shape) {
        Random random = new Random(7);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FloatTensor.of(shape, values);
    }
}
