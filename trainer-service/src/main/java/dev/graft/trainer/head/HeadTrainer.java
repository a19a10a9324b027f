package dev.graft.trainer.head;

import java.util.ArrayList;
import java.util.List;

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

    private static TrainedHead descent(LearningSet set, HeadSettings settings, TrainingListener listener) {
        try (Torch.Scope scope = Torch.open()) {
            return new HeadNetworkTraining(scope, set, settings, listener).train();
        }
    }

    private TrainedHead convex(LearningSet set, HeadSettings settings, TrainingListener listener) {
        FeatureMatrix features = set.features();
        Examples examples = Examples.of(set.labels(), set.classes(), settings.balanced());
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
