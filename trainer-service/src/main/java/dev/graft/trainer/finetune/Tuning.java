package dev.graft.trainer.finetune;

import dev.graft.networks.training.Schedule;
import dev.graft.networks.training.Targets;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.pytorch.training.FineTuner;
import dev.graft.trainer.head.CurvePoint;
import dev.graft.trainer.head.HeldOut;
import dev.graft.trainer.head.HeldOut.Judgement;
import dev.graft.trainer.head.TrainingListener;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Trains a tunable part epoch by epoch, and keeps the parameters of the epoch that was best on images held out. What
/// is drawn in an epoch depends on the seed and the epoch alone. For one thread, the tuner's.
final class Tuning {
    /// Separates what is drawn here from what heads draw of the same seed.
    private static final long PURPOSE = 0x66696e652d74756eL;

    private final FineTuner tuner;
    private final Rows rows;
    private final TuningSet set;
    private final HeldOut heldOut;
    private final int[] learned;
    private final FineTuneSettings settings;
    private final TrainingListener listener;
    private final double[] classWeights;
    private final Schedule schedule;

    private final List<CurvePoint> curve = new ArrayList<>();
    private int bestEpoch;
    private @Nullable Judgement best;
    private SequencedMap<String, FloatTensor> bestParameters = new LinkedHashMap<>();

    Tuning(
            FineTuner tuner,
            Rows rows,
            TuningSet set,
            HeldOut heldOut,
            FineTuneSettings settings,
            TrainingListener listener) {
        this.tuner = tuner;
        this.rows = rows;
        this.set = set;
        this.heldOut = heldOut;
        this.learned = heldOut.learned();
        this.settings = settings;
        this.listener = listener;
        this.classWeights = classWeights(set);
        int steps = Math.ceilDiv(learned.length, settings.batchSize());
        long all = (long) steps * settings.epochs();
        long warmUp = Math.min(all - 1, Math.round(settings.warmUpEpochs() * steps));
        this.schedule = new Schedule(settings.course(), settings.learningRate(), warmUp, all);
    }

    /// What was best.
    record Best(SequencedMap<String, FloatTensor> parameters, Judgement judgement, int epoch, List<CurvePoint> curve) {}

    /// Trains.
    ///
    /// @throws dev.graft.pytorch.training.DivergedException when the loss or a gradient is not finite
    Best train(FineTuning.Continuation continuation) {
        continuation.state().map(TuningState::read).ifPresent(this::restore);
        for (int epoch = curve.size() + 1;
                epoch <= settings.epochs() && epoch - bestEpoch <= settings.patience();
                epoch++) {
            double loss = epoch(epoch);
            Judgement now = judge();
            if (best == null || now.loss() < best.loss()) {
                best = now;
                bestEpoch = epoch;
                bestParameters = tuner.parameters();
            }
            curve.add(new CurvePoint(epoch, loss, now.accuracy()));
            listener.advanced(passes(epoch, set.labels().length), passes(), loss, now.accuracy());
            if (epoch < settings.epochs() && epoch - bestEpoch < settings.patience()) {
                continuation.keep().accept(state(best).write());
            }
        }
        if (best == null) {
            throw new IllegalStateException("no epoch was trained");
        }
        return new Best(bestParameters, best, bestEpoch, List.copyOf(curve));
    }

    private TuningState state(Judgement chosen) {
        return new TuningState(
                tuner.parameters(),
                tuner.state(),
                tuner.steps(),
                bestParameters,
                chosen,
                bestEpoch,
                List.copyOf(curve));
    }

    private void restore(TuningState state) {
        tuner.restore(state.parameters(), state.moments(), state.steps());
        bestParameters = state.bestParameters();
        best = state.best();
        bestEpoch = state.bestEpoch();
        curve.addAll(state.curve());
    }

    private int passes() {
        return FineTuning.passes(set.labels().length, settings);
    }

    /// Returns how many passes there were when some images of an epoch were done.
    private int passes(int epoch, int images) {
        return Math.toIntExact((long) set.labels().length * epoch + images);
    }

    private double epoch(int epoch) {
        int[] order = shuffled(epoch);
        double loss = 0;
        int batchSize = settings.batchSize();
        try (Arena arena = Arena.ofConfined()) {
            FloatBuffer buffer = buffer(arena, Math.min(batchSize, order.length));
            long step = (long) (epoch - 1) * Math.ceilDiv(order.length, batchSize);
            for (int first = 0; first < order.length; first += batchSize, step++) {
                int[] batch = Arrays.copyOfRange(order, first, Math.min(order.length, first + batchSize));
                Targets targets = Targets.ofLabels(set.classes(), labels(batch), classWeights);
                loss += batch.length * tuner.step(read(batch, buffer), targets, schedule.rateAt(step));
                int done = first + batch.length;
                listener.advanced(passes(epoch, done), passes(), loss / done, null);
            }
        }
        return loss / order.length;
    }

    /// Fisher and Yates, with draws of the seed and the epoch.
    private int[] shuffled(int epoch) {
        SplittableRandom random = new SplittableRandom(set.seed() ^ PURPOSE ^ ((long) epoch << 32));
        int[] order = learned.clone();
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int row = order[i];
            order[i] = order[other];
            order[other] = row;
        }
        return order;
    }

    private Judgement judge() {
        int[] chosenBy = heldOut.rows();
        List<float[]> found = new ArrayList<>();
        int batchSize = settings.batchSize();
        try (Arena arena = Arena.ofConfined()) {
            FloatBuffer buffer = buffer(arena, Math.min(batchSize, chosenBy.length));
            for (int first = 0; first < chosenBy.length; first += batchSize) {
                int[] batch = Arrays.copyOfRange(chosenBy, first, Math.min(chosenBy.length, first + batchSize));
                found.add(tuner.logits(read(batch, buffer), batch.length));
            }
        }
        int perRow = found.getFirst().length / Math.min(batchSize, chosenBy.length);
        float[] logits = new float[chosenBy.length * perRow];
        int at = 0;
        for (float[] part : found) {
            System.arraycopy(part, 0, logits, at, part.length);
            at += part.length;
        }
        return heldOut.judge(logits);
    }

    private FloatBuffer read(int[] batch, FloatBuffer buffer) {
        FloatBuffer inputs = buffer.slice(0, batch.length * rows.floats());
        rows.read(batch, inputs);
        return inputs;
    }

    private int[] labels(int[] batch) {
        return Arrays.stream(batch).map(row -> set.labels()[row]).toArray();
    }

    private static double[] classWeights(TuningSet set) {
        if (set.balanced()) {
            return Targets.balancedWeights(set.classes(), set.labels());
        }
        double[] ones = new double[set.classes()];
        Arrays.fill(ones, 1);
        return ones;
    }

    private FloatBuffer buffer(Arena arena, int count) {
        return arena.allocate(ValueLayout.JAVA_FLOAT, (long) count * rows.floats())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
