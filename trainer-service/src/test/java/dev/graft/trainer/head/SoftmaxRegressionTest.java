package dev.graft.trainer.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Compares with what scikit-learn 1.7 found: `LogisticRegression(C=1/strength, tol=1e-12)` on 60 drawn points of 5
/// features in 3 classes. Its bias is given with mean 0, as a constant added to all classes changes nothing.
class SoftmaxRegressionTest {
    /// Features are rounded to float32 here: relative 6e-8, times the condition of the problem at the weakest strength.
    private static final double TOLERANCE = 2e-3;

    record Reference(float[][] features, int[] labels, List<Fit> fits) {}

    record Fit(double strength, double[][] weight, double[] bias, double loss) {}

    @Test
    void findsTheMinimumThatScikitLearnFinds() throws IOException {
        Reference reference = reference();
        int features = reference.features()[0].length;
        int classes = 3;
        for (Fit fit : reference.fits()) {
            Lbfgs.Minimum minimum = minimise(reference, fit.strength(), classes);

            assertThat(minimum.converged()).isTrue();
            assertThat(minimum.value()).isCloseTo(fit.loss(), within(1e-6));
            double mean = 0;
            for (int c = 0; c < classes; c++) {
                mean += minimum.parameters()[features * classes + c] / classes;
            }
            for (int c = 0; c < classes; c++) {
                for (int feature = 0; feature < features; feature++) {
                    assertThat(minimum.parameters()[feature * classes + c])
                            .isCloseTo(fit.weight()[c][feature], within(TOLERANCE));
                }
                assertThat(minimum.parameters()[features * classes + c] - mean)
                        .isCloseTo(fit.bias()[c], within(TOLERANCE));
            }
        }
    }

    @Test
    void gradientIsTheSlopeOfTheLoss() throws IOException {
        Reference reference = reference();
        int classes = 3;
        double[] at = new double[SoftmaxObjective.parameters(5, classes)];
        for (int i = 0; i < at.length; i++) {
            at[i] = Math.sin(i) * 0.3;
        }
        try (Torch.Scope scope = Torch.open();
                FeatureMatrix matrix = FeatureMatrix.of(reference.features())) {
            Examples examples = Examples.of(reference.labels(), classes, new ClassWeights.Balanced());
            SoftmaxObjective objective = new SoftmaxObjective(Workers.alone(scope), matrix, examples, 2);
            double[] gradient = new double[at.length];
            objective.evaluate(at, gradient);
            // Central differences of a float32 function: error about h² and 1e-7 / h.
            double h = 1e-2;
            for (int i = 0; i < at.length; i++) {
                double slope = (valueAt(objective, at, i, h) - valueAt(objective, at, i, -h)) / (2 * h);
                assertThat(gradient[i]).isCloseTo(slope, within(2e-4));
            }
        }
    }

    @Test
    void bothClassesOfABalancedSetWeighTheSame() {
        Examples examples = Examples.of(new int[] {0, 0, 0, 1}, 2, new ClassWeights.Balanced());

        assertThat(examples.weights()).containsExactly(2 / 3.0, 2 / 3.0, 2 / 3.0, 2.0);
    }

    /// Only the proportions of weights count.
    @Test
    void weightsThatAreGivenCountOneOnAverage() {
        int[] labels = {0, 0, 0, 1};

        assertThat(Examples.of(labels, 2, new ClassWeights.Given(List.of(5.0, 15.0)))
                        .weights())
                .containsExactly(
                        Examples.of(labels, 2, new ClassWeights.Balanced()).weights(), within(1e-15));
    }

    private static double valueAt(SoftmaxObjective objective, double[] at, int index, double offset) {
        double[] moved = at.clone();
        moved[index] += offset;
        return objective.evaluate(moved, new double[at.length]);
    }

    private static Lbfgs.Minimum minimise(Reference reference, double strength, int classes) {
        try (Torch.Scope scope = Torch.open();
                FeatureMatrix matrix = FeatureMatrix.of(reference.features())) {
            Examples examples = Examples.of(reference.labels(), classes, new ClassWeights.Equal());
            return Lbfgs.minimise(
                    new SoftmaxObjective(Workers.alone(scope), matrix, examples, strength),
                    new double[SoftmaxObjective.parameters(matrix.columns(), classes)],
                    1e-6,
                    500,
                    (_, _) -> {});
        }
    }

    private static Reference reference() throws IOException {
        try (InputStream in = SoftmaxRegressionTest.class.getResourceAsStream("softmax-regression.json")) {
            return new ObjectMapper().readValue(in, Reference.class);
        }
    }
}
