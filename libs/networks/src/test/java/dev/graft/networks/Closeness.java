package dev.graft.networks;

import static org.assertj.core.api.Assertions.assertThat;

/// Compares tensors as references are to be compared: by their difference in units of the standard deviation.
///
/// @param greatest greatest difference of any element
/// @param rootMeanSquare root of the mean of all squared differences
public record Closeness(double greatest, double rootMeanSquare) {
    public static Closeness of(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double mean = 0;
        for (float value : expected) {
            mean += value / (double) expected.length;
        }
        double variance = 0;
        double greatest = 0;
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = actual[i] - (double) expected[i];
            variance += (expected[i] - mean) * (expected[i] - mean) / expected.length;
            squares += difference * difference / expected.length;
            greatest = Math.max(greatest, Math.abs(difference));
        }
        return new Closeness(greatest / Math.sqrt(variance), Math.sqrt(squares / variance));
    }
}
