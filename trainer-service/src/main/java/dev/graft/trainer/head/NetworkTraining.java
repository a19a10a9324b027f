package dev.graft.trainer.head;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Trains a network in steps of small batches, and keeps the parameters that were best on pictures held out.
final class NetworkTraining {
    private static final int PATIENCE_EPOCHS = 10;
    private static final double HELD_OUT_SHARE = 0.1;
    private static final int ROWS_AT_ONCE = 2048;

    private final Torch.Scope scope;
    private final LearningSet set;
    private final HeadSettings settings;
    private final TrainingListener listener;
    private final SplittableRandom random;
    private final Examples examples;
    private final int[] heldOut;
    private final int[] learned;
    private final Network network;

    NetworkTraining(Torch.Scope scope, LearningSet set, HeadSettings settings, TrainingListener listener) {
        this.scope = scope;
        this.set = set;
        this.settings = settings;
        this.listener = listener;
        this.random = new SplittableRandom(settings.seed());
        this.examples = Examples.of(set.labels(), set.classes(), settings.balanced());
        this.heldOut = set.validation().length > 0 ? set.validation() : drawn();
        boolean[] isHeldOut = new boolean[set.labels().length];
        Arrays.stream(heldOut).forEach(row -> isHeldOut[row] = true);
        this.learned = IntStream.range(0, isHeldOut.length)
                .filter(row -> !isHeldOut[row])
                .toArray();
        this.network = new Network(widths(), random);
    }

    TrainedHead train() {
        DescentRule rule = DescentRule.of(settings, network.parameters());
        List<CurvePoint> curve = new ArrayList<>();
        Calibration best = null;
        float[][] bestParameters = {};
        double bestAccuracy = 0;
        int bestEpoch = 0;
        for (int epoch = 1; epoch <= settings.epochLimit() && epoch - bestEpoch <= PATIENCE_EPOCHS; epoch++) {
            double loss = epoch(rule);
            float[] logits = heldOutLogits();
            Examples chosenBy = examples.select(heldOut);
            Calibration calibration = Calibration.of(logits, chosenBy);
            double accuracy = Logits.accuracy(logits, chosenBy.labels(), set.classes());
            if (best == null || calibration.mean() < best.mean()) {
                best = calibration;
                bestParameters =
                        Arrays.stream(network.parameters()).map(float[]::clone).toArray(float[][]::new);
                bestAccuracy = accuracy;
                bestEpoch = epoch;
            }
            curve.add(new CurvePoint(epoch, loss, accuracy));
            listener.advanced(epoch, settings.epochLimit(), loss, accuracy);
        }
        if (best == null) {
            throw new IllegalStateException("no epoch was trained");
        }
        List<HeadLayer> layers = new ArrayList<>();
        for (int layer = 0; layer < network.layers(); layer++) {
            HeadLayer trained = network.layer(bestParameters, layer);
            layers.add(layer == network.layers() - 1 ? trained.times(best.sharpness()) : trained);
        }
        return new TrainedHead(layers, false, curve, curve.size(), 1 / best.sharpness(), null, List.of(), bestAccuracy);
    }

    private double epoch(DescentRule rule) {
        int[] order = shuffled();
        double loss = 0;
        for (int first = 0; first < order.length; first += settings.batchSize()) {
            int[] rows = Arrays.copyOfRange(order, first, Math.min(order.length, first + settings.batchSize()));
            Examples batch = examples.select(rows);
            float[][] gradients = new float[network.parameters().length][];
            try (Torch.Scope inner = scope.inner();
                    FeatureMatrix features = set.features().select(rows)) {
                NDArray input = inner.view(features, 0, rows.length);
                loss += rows.length
                        * network.gradients(
                                inner, input, batch.labels(), batch.weights(), settings.dropout(), random, gradients);
            }
            rule.step(network.parameters(), gradients);
        }
        return loss / order.length;
    }

    private float[] heldOutLogits() {
        float[] logits = new float[heldOut.length * set.classes()];
        for (int first = 0; first < heldOut.length; first += ROWS_AT_ONCE) {
            int[] rows = Arrays.copyOfRange(heldOut, first, Math.min(heldOut.length, first + ROWS_AT_ONCE));
            try (Torch.Scope inner = scope.inner();
                    FeatureMatrix features = set.features().select(rows)) {
                float[] part = network.logits(inner, inner.view(features, 0, rows.length), rows.length);
                System.arraycopy(part, 0, logits, first * set.classes(), part.length);
            }
        }
        return logits;
    }

    private int[] shuffled() {
        int[] order = learned.clone();
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int row = order[i];
            order[i] = order[other];
            order[other] = row;
        }
        return order;
    }

    private int[] drawn() {
        return Folds.shuffledByClass(set.identities(), set.labels(), set.classes(), settings.seed(), "hold-out")
                .stream()
                .flatMap(rows -> rows.stream().limit(Math.max(1, Math.round(rows.size() * HELD_OUT_SHARE))))
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private int[] widths() {
        IntStream hidden = switch (settings.architecture()) {
            case HeadArchitecture.Linear _, HeadArchitecture.Sigmoid _ -> IntStream.empty();
            case HeadArchitecture.Mlp mlp -> mlp.hiddenUnits().stream().mapToInt(Integer::intValue);
        };
        IntStream inner = IntStream.concat(IntStream.of(set.features().columns()), hidden);
        return IntStream.concat(inner, IntStream.of(set.classes())).toArray();
    }
}
