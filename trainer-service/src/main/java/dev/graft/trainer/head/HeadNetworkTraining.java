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

    private final Torch.Scope scope;
    private final LearningSet set;
    private final HeadSettings settings;
    private final TrainingListener listener;
    private final SplittableRandom random;
    private final Examples examples;
    private final HeldOut heldOut;
    private final int[] learned;
    private final HeadNetwork network;
    private final float[][] gradients;

    HeadNetworkTraining(Torch.Scope scope, LearningSet set, HeadSettings settings, TrainingListener listener) {
        this.scope = scope;
        this.set = set;
        this.settings = settings;
        this.listener = listener;
        this.random = new SplittableRandom(settings.seed());
        this.examples = Examples.of(set.labels(), set.classes(), settings.classWeights());
        this.heldOut = HeldOut.of(
                set.identities(),
                set.labels(),
                set.classes(),
                set.validation(),
                settings.seed(),
                settings.classWeights());
        this.learned = heldOut.learned();
        this.network = new HeadNetwork(widths(), random);
        this.gradients = network.zeros();
    }

    TrainedHead train() {
        DescentRule rule = DescentRule.of(settings, network.parameters());
        List<CurvePoint> curve = new ArrayList<>();
        HeldOut.Judgement best = null;
        float[][] bestParameters = network.zeros();
        int bestEpoch = 0;
        for (int epoch = 1; epoch <= settings.epochLimit() && epoch - bestEpoch <= PATIENCE_EPOCHS; epoch++) {
            double loss = epoch(rule);
            NotFiniteException.require(loss, "the loss of epoch " + epoch);
            HeldOut.Judgement now = heldOut.judge(heldOutLogits());
            if (best == null || now.loss() < best.loss()) {
                best = now;
                copy(network.parameters(), bestParameters);
                bestEpoch = epoch;
            }
            curve.add(new CurvePoint(epoch, loss, now.accuracy()));
            listener.advanced(Advance.ofEpochs(epoch, settings.epochLimit(), loss, now.accuracy()));
        }
        if (best == null) {
            throw new IllegalStateException("no epoch was trained");
        }
        List<HeadLayer> layers = new ArrayList<>();
        for (int layer = 0; layer < network.layers(); layer++) {
            HeadLayer trained = network.layer(bestParameters, layer);
            layers.add(layer == network.layers() - 1 ? trained.times(best.sharpness()) : trained);
        }
        return new TrainedHead(
                layers, false, curve, curve.size(), 1 / best.sharpness(), null, List.of(), best.accuracy());
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
        int[] all = heldOut.rows();
        float[] logits = new float[all.length * set.classes()];
        for (int first = 0; first < all.length; first += network.rowsAtOnce()) {
            int[] rows = Arrays.copyOfRange(all, first, Math.min(all.length, first + network.rowsAtOnce()));
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

    private int[] widths() {
        IntStream hidden = switch (settings.architecture()) {
            case HeadArchitecture.Linear _, HeadArchitecture.Sigmoid _ -> IntStream.empty();
            case HeadArchitecture.Mlp mlp -> mlp.hiddenUnits().stream().mapToInt(Integer::intValue);
        };
        IntStream inner = IntStream.concat(IntStream.of(set.features().columns()), hidden);
        return IntStream.concat(inner, IntStream.of(set.classes())).toArray();
    }
}
