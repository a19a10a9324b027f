package dev.graft.pytorch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.graft.networks.network.Shape;
import dev.graft.pytorch.PyTorch;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fifty steps of each rule against the same formulas in double precision.
class OptimiserTest {
    private static final int STEPS = 50;
    private static final double RATE = 0.01;

    /// Each of the steps rounds a parameter of size 1 and what is remembered of it to 6e-8; half as many of
    /// them as in the worst case would add up to this.
    private static final double TOLERANCE = 2e-6;

    static Stream<Descent> rules() {
        return Stream.of(
                new Descent.Sgd(0, 0),
                new Descent.Sgd(0.9, 0.05),
                new Descent.Adam(0),
                new Descent.Adam(0.05),
                new Descent.AdamW(0.05),
                new Descent.RmsProp(0, 0),
                new Descent.RmsProp(0.9, 0.05));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void movesAMatrixAsTheFormulaSays(Descent descent) {
        requireEqual(descent, Shape.of(2, 3), descent.weightDecay());
    }

    /// Biases and gains of normalisations.
    @ParameterizedTest
    @MethodSource("rules")
    void doesNotPullAtAVector(Descent descent) {
        requireEqual(descent, Shape.of(6), 0);
    }

    private static void requireEqual(Descent descent, Shape shape, double decay) {
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            NDArray array = manager.create(floats(i -> 1 - i / 4), new ai.djl.ndarray.types.Shape(shape.toLongs()));
            Trained parameter = new Trained("p", shape, 1, array);
            Optimiser optimiser = new Optimiser(manager, descent, List.of(parameter));
            int open = manager.getManagedArrays().size();
            double[] p = {1, 0.75, 0.5, 0.25, 0, -0.25};
            double[][] remembered = new double[2][6];
            for (int step = 1; step <= STEPS; step++) {
                int t = step;
                float[] gradient = floats(i -> Math.sin(3 * t + 2 * i) + 0.5);
                optimiser.begin();
                try (NDArray copy = manager.create(gradient, array.getShape())) {
                    optimiser.move(parameter, copy, RATE);
                }
                for (int i = 0; i < p.length; i++) {
                    p[i] = moved(descent, decay, p[i], gradient[i], remembered, i, step);
                }
            }
            float[] found = array.toFloatArray();
            for (int i = 0; i < p.length; i++) {
                assertThat((double) found[i]).isCloseTo(p[i], within(TOLERANCE));
            }
            assertThat(manager.getManagedArrays()).hasSize(open);
            assertThat(optimiser.steps()).isEqualTo(STEPS);
        }
    }

    private static double moved(
            Descent descent, double decay, double p, double gradient, double[][] remembered, int i, int step) {
        double g = descent instanceof Descent.AdamW ? gradient : gradient + decay * p;
        return switch (descent) {
            case Descent.Sgd(double momentum, double _) -> {
                remembered[0][i] = momentum * remembered[0][i] + g;
                yield p - RATE * remembered[0][i];
            }
            case Descent.Adam _ -> p - adam(remembered, i, g, step);
            case Descent.AdamW _ -> p * (1 - RATE * decay) - adam(remembered, i, g, step);
            case Descent.RmsProp(double momentum, double _) -> {
                remembered[1][i] = 0.9 * remembered[1][i] + 0.1 * g * g;
                remembered[0][i] = momentum * remembered[0][i] + g / (Math.sqrt(remembered[1][i]) + 1e-7);
                yield p - RATE * remembered[0][i];
            }
        };
    }

    private static double adam(double[][] remembered, int i, double g, int step) {
        remembered[0][i] = 0.9 * remembered[0][i] + 0.1 * g;
        remembered[1][i] = 0.999 * remembered[1][i] + 0.001 * g * g;
        double mean = remembered[0][i] / (1 - Math.pow(0.9, step));
        double square = remembered[1][i] / (1 - Math.pow(0.999, step));
        return RATE * mean / (Math.sqrt(square) + 1e-8);
    }

    @Test
    void refusesNumbersThatNoRuleHas() {
        assertThatThrownBy(() -> new Descent.Sgd(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Descent.RmsProp(-0.1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Descent.Adam(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Descent.AdamW(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    private static float[] floats(DoubleUnaryOperator of) {
        float[] floats = new float[6];
        IntStream.range(0, 6).forEach(i -> floats[i] = (float) of.applyAsDouble(i));
        return floats;
    }
}
