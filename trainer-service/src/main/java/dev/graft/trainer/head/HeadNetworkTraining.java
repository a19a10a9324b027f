package dev.graft.trainer.head;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Trains a network in steps of small batches, and keeps the parameters that were best on pictures held out.
final class HeadNetworkTraining {
    private static final int PATIENCE_EPOCHS = 10;
    private static final double HELD_OUT_SHARE = 0.1;

    private final Torch.Scope scope;
    private final LearningSet set;
    private final HeadSettings settings;
    private final TrainingListener listener;
    private final SplittableRandom random;
    private final Examples examples;
    private final int[] heldOut;
    private final int[] learned;
    private final HeadNetwork network;
    private final float[][] gradients;

    HeadNetworkTraining(Torch.Scope scope, LearningSet set, HeadSettings settings, TrainingListener listener) {
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
        if (learned.length == 0 || heldOut.length == 0) {
            throw new IllegalArgumentException("a training needs rows to learn from, and rows to choose by");
        }
        this.network = new HeadNetwork(widths(), random);
        this.gradients = network.zeros();
    }

    TrainedHead train() {
        DescentRule rule = DescentRule.of(settings, network.parameters());
        List<CurvePoint> curve = new ArrayList<>();
        Calibration best = null;
        float[][] bestParameters = network.zeros();
        double bestAccuracy = 0;
        int bestEpoch = 0;
        for (int epoch = 1; epoch <= settings.epochLimit() && epoch - bestEpoch <= PATIENCE_EPOCHS; epoch++) {
            double loss = epoch(rule);
            NotFiniteException.require(loss, "the loss of epoch " + epoch);
            float[] logits = heldOutLogits();
            Examples chosenBy = examples.select(heldOut);
            Calibration calibration = Calibration.of(logits, chosenBy);
            double accuracy = Logits.accuracy(logits, chosenBy.labels(), set.classes());
            if (best == null || calibration.mean() < best.mean()) {
                best = calibration;
                copy(network.parameters(), bestParameters);
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

    private static void copy(float[][] from, float[][] to) {
        for (int i = 0; i < from.length; i++) {
            System.arraycopy(from[i], 0, to[i], 0, from[i].length);
        }
    }

    private double epoch(DescentRule rule) {
        int[] order = shuffled();
        double loss = 0;
        for (int first = 0; first < order.length; first += settings.batchSize()) {
            int[] batch = Arrays.copyOfRange(order, first, Math.min(order.length, first + settings.batchSize()));
            loss += batch.length * gradients(batch);
            rule.step(network.parameters(), gradients);
        }
        return loss / order.length;
    }

    /// Computes the gradients of a batch, piece by piece, and gives its mean loss.
    private double gradients(int[] batch) {
        for (float[] of : gradients) {
            Arrays.fill(of, 0);
        }
        double loss = 0;
        for (int first = 0; first < batch.length; first += network.rowsAtOnce()) {
            int[] rows = Arrays.copyOfRange(batch, first, Math.min(batch.length, first + network.rowsAtOnce()));
            Examples part = examples.select(rows);
            try (FeatureMatrix features = set.features().select(rows);
                    Torch.Scope inner = scope.inner()) {
                NDArray input = inner.view(features, 0, rows.length);
                loss += network.gradients(
                        inner,
                        input,
                        part.labels(),
                        part.weights(),
                        settings.dropout(),
                        random,
                        gradients,
                        batch.length);
            }
        }
        return loss;
    }

    private float[] heldOutLogits() {
        float[] logits = new float[heldOut.length * set.classes()];
        for (int first = 0; first < heldOut.length; first += network.rowsAtOnce()) {
            int[] rows = Arrays.copyOfRange(heldOut, first, Math.min(heldOut.length, first + network.rowsAtOnce()));
            try (FeatureMatrix features = set.features().select(rows);
                    Torch.Scope inner = scope.inner()) {
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
