package dev.graft.trainer.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.trainer.head.HeadSettings.Optimizer;
import dev.graft.trainer.stage.HeadFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTrainerTest {
    private static final DrawnPoints LEARNED = DrawnPoints.of(150, 20, 3, 0.8, 1);
    private static final DrawnPoints PAIRS = DrawnPoints.of(120, 20, 2, 0.8, 2);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linear     | LBFGS | 0",
                "linear     | ADAM  | 0.2",
                "linear     | SGD   | 0",
                "sigmoid    | LBFGS | 0",
                "sigmoid    | ADAMW | 0",
                "mlp:32     | ADAMW | 0.3",
                "mlp:32,16  | ADAM  | 0",
                "mlp:16     | SGD   | 0"
            })
    void learnsAndIsByteEqualOnRepetition(String architecture, Optimizer optimizer, double dropout) {
        DrawnPoints points = architecture.equals("sigmoid") ? PAIRS : LEARNED;
        HeadSettings settings = settings(architecture, optimizer, dropout);

        TrainedHead head = train(points, settings, 2);
        TrainedHead again = train(points, settings, 1);

        assertThat(points.accuracy(head)).isGreaterThan(0.97);
        assertThat(bytes(again)).isEqualTo(bytes(head));
        assertThat(head.classes()).isEqualTo(points.classes());
        assertThat(head.curve()).hasSize(head.steps());
    }

    @Test
    void anotherSeedDrawsOtherwise() {
        HeadSettings first = settings("mlp:8", Optimizer.ADAM, 0);
        HeadSettings second =
                new HeadSettings(first.architecture(), Optimizer.ADAM, 40, 16, 0.01, 0, new ClassWeights.Equal(), 5);

        assertThat(bytes(train(LEARNED, first, 1))).isNotEqualTo(bytes(train(LEARNED, second, 1)));
    }

    /// Rows that are left out may be of any class: the head does not learn what they are.
    @ParameterizedTest
    @ValueSource(strings = {"linear", "sigmoid"})
    void learnsNothingOfRowsThatAreLeftOut(String architecture) {
        int[] leftOut = {0, 5, 7, 100};
        HeadSettings settings = settings(architecture, Optimizer.LBFGS, 0);
        TrainedHead known = train(PAIRS, settings, 2);
        int[] relabelled = PAIRS.labels().clone();
        for (int row : leftOut) {
            relabelled[row] = 1 - relabelled[row];
        }

        TrainedHead head = trainWithout(PAIRS, settings, known, leftOut);

        assertThat(bytes(trainWithout(new DrawnPoints(PAIRS.features(), relabelled, 2), settings, known, leftOut)))
                .isEqualTo(bytes(head));
        assertThat(bytes(trainWithout(PAIRS, settings, known, new int[] {1}))).isNotEqualTo(bytes(head));
        assertThat(PAIRS.accuracy(head)).isGreaterThan(0.97);
    }

    @Test
    void headTakesRawFeatures() {
        float[][] shifted = new float[LEARNED.features().length][];
        for (int row = 0; row < shifted.length; row++) {
            shifted[row] = LEARNED.features()[row].clone();
            for (int column = 0; column < shifted[row].length; column++) {
                shifted[row][column] = shifted[row][column] * (column + 1) + 3;
            }
        }
        DrawnPoints elsewhere = new DrawnPoints(shifted, LEARNED.labels(), 3);

        TrainedHead head = train(LEARNED, HeadSettings.linear(0), 2);
        TrainedHead there = train(elsewhere, HeadSettings.linear(0), 2);

        // Standardisation undoes shift and scale, so both heads give the same probabilities up to rounding.
        try (FeatureMatrix here = FeatureMatrix.of(LEARNED.features());
                FeatureMatrix moved = FeatureMatrix.of(shifted)) {
            float[][] expected = HeadForward.probabilities(head, here);
            float[][] found = HeadForward.probabilities(there, moved);
            for (int row = 0; row < expected.length; row++) {
                for (int c = 0; c < 3; c++) {
                    assertThat(found[row][c]).isCloseTo(expected[row][c], within(2e-3f));
                }
            }
        }
    }

    @Test
    void sigmoidAnswersAsSoftmaxOfTwoClassesDoes() {
        TrainedHead softmax = train(PAIRS, HeadSettings.linear(0), 2);
        TrainedHead sigmoid = train(PAIRS, settings("sigmoid", Optimizer.LBFGS, 0), 2);

        assertThat(sigmoid.layers().getLast().outFeatures()).isEqualTo(1);
        try (FeatureMatrix matrix = FeatureMatrix.of(PAIRS.features())) {
            float[][] expected = HeadForward.probabilities(softmax, matrix);
            float[][] found = HeadForward.probabilities(sigmoid, matrix);
            for (int row = 0; row < expected.length; row++) {
                assertThat(found[row][1]).isCloseTo(expected[row][1], within(1e-4f));
                assertThat(found[row][0] + found[row][1]).isCloseTo(1, within(1e-6f));
            }
        }
    }

    @Test
    void probabilitiesAreAsSureAsTheyAreRight() {
        DrawnPoints noisy = DrawnPoints.of(600, 10, 2, 2.0, 3);
        TrainedHead head = train(noisy, HeadSettings.linear(0), 2);
        try (FeatureMatrix matrix = FeatureMatrix.of(noisy.features())) {
            double sureness = 0;
            for (float[] row : HeadForward.probabilities(head, matrix)) {
                sureness += Math.max(row[0], row[1]) / noisy.labels().length;
            }

            // 600 pictures: the standard error of the accuracy is below 0.02.
            assertThat(sureness).isCloseTo(noisy.accuracy(head), within(0.05));
        }
    }

    @Test
    void fileGivesTheHeadBack() {
        TrainedHead head = train(LEARNED, settings("mlp:8,4", Optimizer.ADAMW, 0), 1);

        TrainedHead read = HeadFile.read(bytes(head));

        assertThat(read).usingRecursiveComparison().isEqualTo(head);
    }

    @Test
    void listenerEndsATraining() {
        List<Long> reported = new ArrayList<>();
        LearningSet set = LEARNED.learningSet();
        try (FeatureMatrix features = set.features()) {
            assertThatThrownBy(() -> new HeadTrainer(2).train(set, HeadSettings.linear(0), now -> {
                        reported.add(now.done());
                        throw new CancellationException("enough");
                    }))
                    .isInstanceOf(CancellationException.class);
        }
        assertThat(reported).hasSize(1);
    }

    /// A step so long that the loss leaves all bounds must not leave a head behind.
    @ParameterizedTest
    @CsvSource({"mlp:32, SGD"})
    void aTrainingThatDivergesIsNoHead(String architecture, Optimizer optimizer) {
        HeadSettings settings = new HeadSettings(
                HeadArchitecture.parse(architecture), optimizer, 200, 16, 1e30, 0, new ClassWeights.Equal(), 0);

        assertThatThrownBy(() -> train(LEARNED, settings, 1))
                .isInstanceOf(NotFiniteException.class)
                .hasMessageContaining("not a finite number");
    }

    @ParameterizedTest
    @CsvSource({"linear, LBFGS", "linear, ADAM", "mlp:8, ADAMW"})
    void featuresThatAreNoNumbersAreRefused(String architecture, Optimizer optimizer) {
        float[][] features = new float[40][];
        int[] labels = new int[40];
        for (int row = 0; row < features.length; row++) {
            features[row] = new float[] {row, row == 7 ? Float.NaN : 1};
            labels[row] = row % 2;
        }

        assertThatThrownBy(() -> train(new DrawnPoints(features, labels, 2), settings(architecture, optimizer, 0), 1))
                .isInstanceOf(NotFiniteException.class);
    }

    @Test
    void aTrainingWithNothingToLearnFromBesideWhatIsHeldOutIsRefused() {
        LearningSet all = LEARNED.learningSet();
        int[] every = IntStream.range(0, LEARNED.labels().length).toArray();
        LearningSet set = new LearningSet(all.features(), all.labels(), all.classes(), all.identities(), every);
        try (FeatureMatrix features = set.features()) {
            assertThatThrownBy(() -> new HeadTrainer(1).train(set, settings("mlp:32", Optimizer.ADAMW, 0), _ -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /// As many classes as make each step dear: the bar moves on all the while, and few trainings choose the
    /// strength.
    @Test
    void manyClassesOfFewImagesTakeFewTrainingsAndReportTheirProgress() {
        DrawnPoints many = DrawnPoints.of(1_600, 320, 400, 0.3, 5);
        List<Long> thousandths = new ArrayList<>();
        LearningSet set = many.learningSet();

        try (FeatureMatrix features = set.features()) {
            TrainedHead head = new HeadTrainer(2).train(set, HeadSettings.linear(0), now -> {
                assertThat(now.total()).isEqualTo(1000);
                thousandths.add(now.done());
            });

            assertThat(head.candidates())
                    .extracting(StrengthCandidate::strength)
                    .isSubsetOf(StrengthSearch.DECADES);
            assertThat(many.accuracy(head)).isGreaterThan(0.99);
        }
        assertThat(thousandths).isSorted().endsWith(1000L);
        for (int i = 1; i < thousandths.size(); i++) {
            assertThat(thousandths.get(i) - thousandths.get(i - 1)).isLessThan(500);
        }
    }

    @Test
    void manyImagesAreTrainedOnInSecondsWithoutCopiesOfTheFeatures() {
        DrawnPoints many = DrawnPoints.of(12_000, 256, 10, 2.0, 4);
        long begun = System.nanoTime();

        TrainedHead head = train(many, HeadSettings.linear(0), 2);

        assertThat(many.accuracy(head)).isGreaterThan(0.9);
        assertThat((System.nanoTime() - begun) / 1e9).isLessThan(60);
    }

    private static TrainedHead train(DrawnPoints points, HeadSettings settings, int parallelism) {
        LearningSet set = points.learningSet();
        try (FeatureMatrix features = set.features()) {
            return new HeadTrainer(parallelism).train(set, settings, _ -> {});
        }
    }

    private static TrainedHead trainWithout(
            DrawnPoints points, HeadSettings settings, TrainedHead known, int[] leftOut) {
        LearningSet set = points.learningSet();
        try (FeatureMatrix features = set.features()) {
            return new HeadTrainer(2).trainWithout(set, settings, known, leftOut);
        }
    }

    private static HeadSettings settings(String architecture, Optimizer optimizer, double dropout) {
        int epochs = optimizer == Optimizer.LBFGS ? HeadSettings.LBFGS_STEP_LIMIT : 40;
        return new HeadSettings(
                HeadArchitecture.parse(architecture),
                optimizer,
                epochs,
                16,
                0.01,
                dropout,
                new ClassWeights.Equal(),
                0);
    }

    private static byte[] bytes(TrainedHead head) {
        return HeadFile.write(head, List.of("a", "b"), "any");
    }
}
