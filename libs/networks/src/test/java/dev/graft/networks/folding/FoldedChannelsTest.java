package dev.graft.networks.folding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransformerOp;
import dev.graft.networks.network.Window;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Folded parameters against what the two steps are defined to compute: a matrix of four channels with three weights
/// each, and the step that reads it, applied to five inputs in double precision.
class FoldedChannelsTest {
    private static final int CHANNELS = 4;
    private static final int WEIGHTS = 3;
    private static final int INPUTS = 5;
    private static final double EPSILON = 1e-3;

    /// Folded parameters are rounded to float32, 6e-8 of each, and are up to 30 here.
    private static final double TOLERANCE = 1e-5;

    private final SplittableRandom random = new SplittableRandom(12);
    private final double[][] inputs = inputs();

    @Test
    void foldsABatchNorm() {
        Step reader = reader(new Op.BatchNorm(EPSILON));
        Map<String, float[]> published = published();
        published.put("norm.weight", drawn(CHANNELS));
        published.put("norm.bias", drawn(CHANNELS));
        published.put("norm.running_mean", drawn(CHANNELS));
        published.put("norm.running_var", new float[] {0.5f, 1, 2, 1e-4f});
        requireEqualResults(reader, published);
        published.remove("b");
        requireEqualResults(reader, published);
    }

    @Test
    void foldsALayerScale() {
        Step reader = reader(new TransformerOp.LayerScale());
        Map<String, float[]> published = published();
        published.put("norm", drawn(CHANNELS));
        requireEqualResults(reader, published);
        published.remove("b");
        requireEqualResults(reader, published);
    }

    @Test
    void foldsAScale() {
        Step reader = reader(new Op.Scale(0.17));
        requireEqualResults(reader, published());
    }

    @Test
    void refusesStepsThatDoMoreAndArraysOfOtherSizes() {
        assertThatThrownBy(() -> FoldedChannels.of(reader(new Op.Flatten()), 4, _ -> new float[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("norm");
        Step norm = reader(new Op.BatchNorm(EPSILON));
        assertThatThrownBy(() -> FoldedChannels.of(norm, 4, _ -> new float[5]))
                .isInstanceOf(IllegalArgumentException.class);
        FoldedChannels channels = FoldedChannels.of(norm, 4, _ -> new float[4]);
        assertThat(channels.channels()).isEqualTo(4);
        assertThatThrownBy(() -> channels.weights(new float[7])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channels.bias(Optional.of(new float[3]))).isInstanceOf(IllegalArgumentException.class);
    }

    private void requireEqualResults(Step reader, Map<String, float[]> published) {
        FoldedChannels channels = FoldedChannels.of(reader, CHANNELS, published::get);
        double[] results =
                results(channels.weights(published.get("W")), channels.bias(Optional.ofNullable(published.get("b"))));
        assertThat(results).containsExactly(asDefined(reader, doubles(published)), within(TOLERANCE));
    }

    /// What the matrix and the step behind it compute, one after the other.
    private double[] asDefined(Step reader, Map<String, double[]> published) {
        double[] results = new double[INPUTS * CHANNELS];
        for (int i = 0; i < results.length; i++) {
            int channel = i % CHANNELS;
            double sum = published.containsKey("b") ? published.get("b")[channel] : 0;
            for (int k = 0; k < WEIGHTS; k++) {
                sum += published.get("W")[channel * WEIGHTS + k] * inputs[i / CHANNELS][k];
            }
            results[i] = switch (reader.op()) {
                case Op.BatchNorm(double epsilon) ->
                    (sum - published.get("norm.running_mean")[channel])
                                    / Math.sqrt(published.get("norm.running_var")[channel] + epsilon)
                                    * published.get("norm.weight")[channel]
                            + published.get("norm.bias")[channel];
                case TransformerOp.LayerScale _ -> sum * published.get("norm")[channel];
                case Op.Scale(double factor) -> sum * factor;
                default -> throw new IllegalArgumentException(reader.name());
            };
        }
        return results;
    }

    private double[] results(float[] weights, float[] bias) {
        double[] results = new double[INPUTS * CHANNELS];
        for (int i = 0; i < results.length; i++) {
            int channel = i % CHANNELS;
            results[i] = bias[channel];
            for (int k = 0; k < WEIGHTS; k++) {
                results[i] += weights[channel * WEIGHTS + k] * inputs[i / CHANNELS][k];
            }
        }
        return results;
    }

    private static Step reader(Op op) {
        NetworkBuilder net = new NetworkBuilder("net", 2);
        Op read = op instanceof TransformerOp.LayerScale
                ? new TransformerOp.PatchEmbedding(CHANNELS, 1)
                : new Op.Conv2d(CHANNELS, Window.square(1), 1, true);
        return net.then("read", read)
                .then("norm", op)
                .build("read", "norm")
                .steps()
                .getLast();
    }

    private Map<String, float[]> published() {
        Map<String, float[]> published = new LinkedHashMap<>();
        published.put("W", drawn(CHANNELS * WEIGHTS));
        published.put("b", drawn(CHANNELS));
        return published;
    }

    private static Map<String, double[]> doubles(Map<String, float[]> published) {
        Map<String, double[]> doubles = new TreeMap<>();
        published.forEach((name, values) -> {
            double[] copy = new double[values.length];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = values[i];
            }
            doubles.put(name, copy);
        });
        return doubles;
    }

    private float[] drawn(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private double[][] inputs() {
        double[][] drawn = new double[INPUTS][WEIGHTS];
        for (double[] input : drawn) {
            for (int k = 0; k < WEIGHTS; k++) {
                input[k] = (float) random.nextDouble(-1, 1);
            }
        }
        return drawn;
    }
}
