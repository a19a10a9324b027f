package dev.graft.trainer.head;

import java.util.Arrays;

/// Changes parameters by their gradients, step by step.
sealed interface DescentRule {
    /// Changes `parameters` in place.
    void step(float[][] parameters, float[][] gradients);

    /// Makes the rule that the settings name.
    static DescentRule of(HeadSettings settings, float[][] parameters) {
        return switch (settings.optimizer()) {
            case ADAM -> new Adam(settings.learningRate(), 0, zeros(parameters), zeros(parameters));
            case ADAMW -> new Adam(settings.learningRate(), Adam.DECAY, zeros(parameters), zeros(parameters));
            case SGD -> new Momentum(settings.learningRate(), zeros(parameters));
            case LBFGS -> throw new IllegalArgumentException("L-BFGS does not take small batches");
        };
    }

    private static float[][] zeros(float[][] like) {
        return Arrays.stream(like).map(values -> new float[values.length]).toArray(float[][]::new);
    }

    /// Gradient descent with momentum (Polyak), as PyTorch's SGD.
    final class Momentum implements DescentRule {
        private static final float MOMENTUM = 0.9f;
        private final float learningRate;
        private final float[][] velocities;

        private Momentum(double learningRate, float[][] velocities) {
            this.learningRate = (float) learningRate;
            this.velocities = velocities;
        }

        @Override
        public void step(float[][] parameters, float[][] gradients) {
            for (int array = 0; array < parameters.length; array++) {
                for (int i = 0; i < parameters[array].length; i++) {
                    velocities[array][i] = MOMENTUM * velocities[array][i] + gradients[array][i];
                    parameters[array][i] -= learningRate * velocities[array][i];
                }
            }
        }
    }

    /// Adam (Kingma and Ba, 2015); with decay, AdamW (Loshchilov and Hutter, 2019). Biases do not decay.
    final class Adam implements DescentRule {
        private static final double DECAY = 0.01;
        private static final double FIRST = 0.9;
        private static final double SECOND = 0.999;
        private static final double EPSILON = 1e-8;
        private final double learningRate;
        private final double decay;
        private final float[][] means;
        private final float[][] squares;
        private int steps;

        private Adam(double learningRate, double decay, float[][] means, float[][] squares) {
            this.learningRate = learningRate;
            this.decay = decay;
            this.means = means;
            this.squares = squares;
        }

        @Override
        public void step(float[][] parameters, float[][] gradients) {
            steps++;
            double length = learningRate / (1 - Math.pow(FIRST, steps));
            double correction = 1 / (1 - Math.pow(SECOND, steps));
            for (int array = 0; array < parameters.length; array++) {
                double kept = array % 2 == 0 ? 1 - learningRate * decay : 1;
                float[] mean = means[array];
                float[] square = squares[array];
                for (int i = 0; i < mean.length; i++) {
                    double gradient = gradients[array][i];
                    mean[i] = (float) (FIRST * mean[i] + (1 - FIRST) * gradient);
                    square[i] = (float) (SECOND * square[i] + (1 - SECOND) * gradient * gradient);
                    double change = length * mean[i] / (Math.sqrt(square[i] * correction) + EPSILON);
                    parameters[array][i] = (float) (kept * parameters[array][i] - change);
                }
            }
        }
    }
}
