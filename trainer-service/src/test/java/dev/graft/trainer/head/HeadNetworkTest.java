package dev.graft.trainer.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HeadNetworkTest {
    private static final DrawnPoints POINTS = DrawnPoints.of(12, 6, 3, 1, 9);

    @Test
    void gradientsAreTheSlopesOfTheLoss() {
        assertSlopes(0);
    }

    @Test
    void gradientsAreTheSlopesOfTheLossWithDropout() {
        assertSlopes(0.4);
    }

    private static void assertSlopes(double dropout) {
        HeadNetwork network = new HeadNetwork(new int[] {6, 5, 4, 3}, new SplittableRandom(1));
        SplittableRandom random = new SplittableRandom(2);
        // The last layer begins at zero, where some slopes vanish.
        for (int i = 0; i < network.parameters()[4].length; i++) {
            network.parameters()[4][i] = (float) random.nextGaussian();
        }
        float[][] gradients = network.zeros();
        loss(network, dropout, gradients);
        // Central differences of a float32 function: error about h² and 1e-7 / h.
        float h = 2e-3f;
        for (int array = 0; array < gradients.length; array++) {
            float[] values = network.parameters()[array];
            for (int i = 0; i < values.length; i++) {
                float before = values[i];
                values[i] = before + h;
                double above = loss(network, dropout, network.zeros());
                values[i] = before - h;
                double below = loss(network, dropout, network.zeros());
                values[i] = before;
                assertThat(gradients[array][i]).isCloseTo((float) ((above - below) / (2 * h)), within(2e-3f));
            }
        }
    }

    private static double loss(HeadNetwork network, double dropout, float[][] gradients) {
        double[] weights = new double[POINTS.labels().length];
        Arrays.fill(weights, 1);
        try (Torch.Scope scope = Torch.open();
                FeatureMatrix features = FeatureMatrix.of(POINTS.features())) {
            NDArray input = scope.view(features, 0, features.rows());
            return network.gradients(
                    scope,
                    input,
                    POINTS.labels(),
                    weights,
                    dropout,
                    new SplittableRandom(3),
                    gradients,
                    features.rows());
        }
    }
}
