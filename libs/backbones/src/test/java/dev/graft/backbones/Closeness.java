package dev.graft.backbones;

import static org.assertj.core.api.Assertions.assertThat;

/// Compares tensors as references are to be compared: the greatest difference in units of the standard deviation.
public final class Closeness {
    private Closeness() {}

    public static double difference(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double mean = 0;
        for (float value : expected) {
            mean += value / (double) expected.length;
        }
        double variance = 0;
        double greatest = 0;
        for (int i = 0; i < expected.length; i++) {
            variance += (expected[i] - mean) * (expected[i] - mean) / expected.length;
            greatest = Math.max(greatest, Math.abs(actual[i] - (double) expected[i]));
        }
        return greatest / Math.sqrt(variance);
    }
}
