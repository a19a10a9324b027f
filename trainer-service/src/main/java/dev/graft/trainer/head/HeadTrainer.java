package dev.graft.trainer.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Trains heads. Each training is done by the calling thread, and any number may run at once.
public final class HeadTrainer {
    private static final double TOLERANCE = 3e-5;

    private final int parallelism;

    /// @param parallelism threads for what can be done side by side; the result does not depend on it
    public HeadTrainer(int parallelism) {
        if (parallelism < 1) {
            throw new IllegalArgumentException("training needs a thread");
        }
        this.parallelism = parallelism;
    }

    /// Trains a head. The features of the set are standardised in place, and stay open; when this returns or
    /// throws, nothing reads them any more.
    ///
    /// @throws NotFiniteException when the numbers grow beyond all bounds on the way
    /// @throws java.util.concurrent.CancellationException when the thread is interrupted, within a second
    public TrainedHead train(LearningSet set, HeadSettings settings, TrainingListener listener) {
        Standardiser standardiser = Standardiser.of(set.features());
        standardiser.apply(set.features());
        TrainedHead head = switch (settings.optimizer()) {
            case LBFGS -> convex(set, settings, listener);
            case ADAM, ADAMW, SGD -> descent(set, settings, listener);
        };
        return folded(head, standardiser, settings.architecture());
    }

    /// Trains a head of one layer as [#train] did, but for rows that it is not to have seen: what goes on from it is
    /// then judged by them.
    ///
    /// @param set      as it was given to [#train] at first; its features are standardised in place
    /// @param settings those of L-BFGS
    /// @param known    the head that learned from all rows, whose strength and temperature serve here too
    /// @param leftOut  positions of the rows
    /// @throws NotFiniteException when the numbers grow beyond all bounds on the way
    /// @throws java.util.concurrent.CancellationException when the thread is interrupted, within a second
    public TrainedHead trainWithout(LearningSet set, HeadSettings settings, TrainedHead known, int[] leftOut) {
        FeatureMatrix features = set.features();
        Standardiser standardiser = Standardiser.of(features);
        standardiser.apply(features);
        double strength = Objects.requireNonNull(known.strength(), "a head of L-BFGS has a strength");
        Lbfgs.Minimum minimum = Lbfgs.minimise(
                new SoftmaxObjective(
                        Workers.sideBySide(parallelism),
                        features,
                        Examples.of(set.labels(), set.classes(), settings.classWeights())
                                .without(leftOut),
                        strength),
                new double[SoftmaxObjective.parameters(features.columns(), set.classes())],
                TOLERANCE,
                settings.epochLimit(),
                (_, _) -> {});
        HeadLayer layer = layer(minimum.parameters(), features.columns(), set.classes());
        TrainedHead head = new TrainedHead(
                List.of(layer.times(1 / known.temperature())),
                false,
                List.of(),
                minimum.steps(),
                known.temperature(),
                strength,
                List.of(),
                known.heldOutAccuracy());
        return folded(head, standardiser, settings.architecture());
    }

    private static TrainedHead descent(LearningSet set, HeadSettings settings, TrainingListener listener) {
        try (Torch.Scope scope = Torch.open()) {
            return new HeadNetworkTraining(scope, set, settings, listener).train();
        }
    }

    private TrainedHead convex(LearningSet set, HeadSettings settings, TrainingListener listener) {
        FeatureMatrix features = set.features();
        Examples examples = Examples.of(set.labels(), set.classes(), settings.classWeights());
        Workers workers = Workers.sideBySide(parallelism);
        ConvexProgress progress = ConvexProgress.of(features, set.classes(), listener);
        StrengthSearch.Choice choice =
                StrengthSearch.search(workers, features, examples, set.identities(), settings.seed(), progress::tried);
        double accuracy = choice.candidates().get(choice.chosen()).accuracy();
        List<CurvePoint> curve = new ArrayList<>();
        Lbfgs.Minimum minimum = Lbfgs.minimise(
                new SoftmaxObjective(workers, features, examples, choice.strength()),
                doubles(choice.parameters()),
                TOLERANCE,
                settings.epochLimit(),
                (step, value) -> {
                    curve.add(new CurvePoint(step, value, null));
                    progress.stepped(step, value, accuracy);
                });
        progress.done(minimum.value(), accuracy);
        HeadLayer layer = layer(minimum.parameters(), features.columns(), set.classes());
        return new TrainedHead(
                List.of(layer.times(choice.sharpness())),
                false,
                curve,
                minimum.steps(),
                1 / choice.sharpness(),
                choice.strength(),
                choice.candidates(),
                accuracy);
    }

    private static double[] doubles(float[] values) {
        double[] widened = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            widened[i] = values[i];
        }
        return widened;
    }

    /// Turns the matrix [features, classes] into one of [classes, features].
    private static HeadLayer layer(double[] parameters, int features, int classes) {
        float[] weight = new float[features * classes];
        float[] bias = new float[classes];
        for (int c = 0; c < classes; c++) {
            for (int feature = 0; feature < features; feature++) {
                weight[c * features + feature] = (float) parameters[feature * classes + c];
            }
            bias[c] = (float) parameters[features * classes + c];
        }
        return new HeadLayer(features, classes, weight, bias);
    }

    private static TrainedHead folded(TrainedHead head, Standardiser standardiser, HeadArchitecture architecture) {
        List<HeadLayer> layers = new ArrayList<>(head.layers());
        boolean sigmoid = architecture instanceof HeadArchitecture.Sigmoid;
        if (sigmoid) {
            layers.set(layers.size() - 1, layers.getLast().difference());
        }
        layers.set(0, standardiser.fold(layers.getFirst()));
        return new TrainedHead(
                layers,
                sigmoid,
                head.curve(),
                head.steps(),
                head.temperature(),
                head.strength(),
                head.candidates(),
                head.heldOutAccuracy());
    }
}
