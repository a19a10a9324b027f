package dev.graft.trainer.head;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Points around the centre of their class, drawn from a seed.
record DrawnPoints(float[][] features, int[] labels, int classes) {
    /// @param spread standard deviation about the centre; centres lie about 1 apart in each feature
    static DrawnPoints of(int rows, int columns, int classes, double spread, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] centres = new double[classes][columns];
        for (double[] centre : centres) {
            for (int column = 0; column < columns; column++) {
                centre[column] = 0.5 + random.nextGaussian() * 0.7;
            }
        }
        float[][] features = new float[rows][columns];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = row % classes;
            for (int column = 0; column < columns; column++) {
                features[row][column] = (float) (centres[labels[row]][column] + spread * random.nextGaussian());
            }
        }
        return new DrawnPoints(features, labels, classes);
    }

    /// Gives the points as a set to learn from, which is to be closed by its features.
    LearningSet learningSet() {
        List<String> identities = IntStream.range(0, labels.length)
                .mapToObj(row -> "point " + row)
                .toList();
        return new LearningSet(FeatureMatrix.of(features), labels, classes, identities, new int[0]);
    }

    double accuracy(TrainedHead head) {
        try (FeatureMatrix matrix = FeatureMatrix.of(features)) {
            float[][] probabilities = HeadForward.probabilities(head, matrix);
            long right = IntStream.range(0, labels.length)
                    .filter(row -> Logits.greatest(probabilities[row], 0, classes) == labels[row])
                    .count();
            return (double) right / labels.length;
        }
    }
}
