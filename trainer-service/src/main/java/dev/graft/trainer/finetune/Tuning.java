package dev.graft.trainer.finetune;

import dev.graft.networks.training.Schedule;
import dev.graft.networks.training.Targets;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.pytorch.training.DivergedException;
import dev.graft.pytorch.training.FineTuner;
import dev.graft.trainer.head.CurvePoint;
import dev.graft.trainer.head.HeldOut;
import dev.graft.trainer.head.HeldOut.Judgement;
import dev.graft.vision.augment.Mixing;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Trains a tunable part epoch by epoch, and keeps the parameters of the epoch that was best on images held out. What
/// is drawn in an epoch depends on the seed and the epoch alone. For one thread, the tuner's.
final class Tuning {
    /// Separates what is drawn here from what heads draw of the same seed.
    private static final long PURPOSE = 0x66696e652d74756eL;

    /// The loss of an epoch may be so many times that of a guess, which a network that has learned anything stays
    /// below.
    private static final double GROWTH_MAX = 10;

    /// Of so many steps the mean is judged.
    private static final int STEPS_JUDGED = 10;

    private final FineTuner tuner;
    private final TrainingRows rows;
    private final TuningSet set;
    private final HeldOut heldOut;
    private final int[] learned;
    private final FineTuneSettings settings;
    private final TuningProgress progress;
    private final double[] classWeights;
    private final Schedule schedule;

    private final List<CurvePoint> curve = new ArrayList<>();
    private int bestEpoch;
    private @Nullable Judgement best;
    private SequencedMap<String, FloatTensor> bestParameters = new LinkedHashMap<>();

    Tuning(
            FineTuner tuner,
            TrainingRows rows,
            TuningSet set,
            HeldOut heldOut,
            FineTuneSettings settings,
            TuningProgress progress) {
        this.tuner = tuner;
        this.rows = rows;
        this.set = set;
        this.heldOut = heldOut;
        this.learned = heldOut.learned();
        this.settings = settings;
        this.progress = progress;
        this.classWeights = set.weights().of(set.classes(), set.labels());
        long all = (long) steps() * settings.epochs();
        long warmUp = Math.min(all - 1, Math.round(settings.warmUpEpochs() * steps()));
        this.schedule = new Schedule(settings.course(), settings.learningRate(), warmUp, all);
    }

    /// What was best.
    record Best(SequencedMap<String, FloatTensor> parameters, Judgement judgement, int epoch, List<CurvePoint> curve) {}

    /// Trains.
    ///
    /// @throws DivergedException when the loss or a gradient is not finite, or the loss has grown beyond a bound
    Best train(FineTuning.Continuation continuation) {
        continuation.take().ifPresentOrElse(this::restore, () -> {
            best = judge();
            bestParameters = tuner.parameters();
        });
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
            progress.passed(epoch, steps(), loss, now.accuracy());
            if (epoch < settings.epochs() && epoch - bestEpoch < settings.patience()) {
                continuation.keep(state(best));
            }
        }
        if (best == null) {
            throw new IllegalStateException("no epoch was trained");
        }
        return new Best(bestParameters, best, bestEpoch, List.copyOf(curve));
    }

    /// Returns how many steps an epoch has.
    private int steps() {
        return Math.ceilDiv(learned.length, settings.batchSize());
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

    private double epoch(int epoch) {
        List<int[]> steps = batches(shuffled(epoch));
        rows.show(epoch, steps);
        double loss = 0;
        double weight = 0;
        int done = 0;
        try (Arena arena = Arena.ofConfined()) {
            FloatBuffer buffer = buffer(arena, steps.getFirst().length);
            long before = (long) (epoch - 1) * steps.size();
            for (int step = 0; step < steps.size(); step++) {
                int[] batch = steps.get(step);
                FloatBuffer inputs = part(buffer, batch);
                rows.learned(batch, inputs);
                Targets targets = targets(batch, rows.mixing(epoch, step));
                loss += batch.length * tuner.step(inputs, targets, schedule.rateAt(before + step));
                done += batch.length;
                weight += IntStream.range(0, batch.length)
                        .mapToDouble(targets::weight)
                        .sum();
                requireBounded(loss / weight, step + 1 >= Math.min(STEPS_JUDGED, steps.size()));
                progress.within(epoch, step + 1, done, loss / done);
            }
        }
        return loss / done;
    }

    /// @param loss mean of what was learned from, each image as often as it counts
    private void requireBounded(double loss, boolean enoughSteps) {
        double ofGuess = StrictMath.log(set.classes());
        if (enoughSteps && loss > GROWTH_MAX * ofGuess) {
            throw new DivergedException("the loss has grown to %.1f, where a guess has %.1f".formatted(loss, ofGuess));
        }
    }

    private Targets targets(int[] batch, Optional<Mixing> mixing) {
        int[] labels = Arrays.stream(batch).map(image -> set.labels()[image]).toArray();
        Targets own = Targets.ofLabels(set.classes(), labels, classWeights);
        if (mixing.isEmpty()) {
            return own;
        }
        int[] partners = IntStream.range(0, batch.length)
                .map(row -> Mixing.partner(row, batch.length))
                .toArray();
        return own.mixedWith(partners, mixing.get().share());
    }

    private List<int[]> batches(int[] images) {
        int size = settings.batchSize();
        return IntStream.range(0, Math.ceilDiv(images.length, size))
                .mapToObj(i -> Arrays.copyOfRange(images, i * size, Math.min(images.length, (i + 1) * size)))
                .toList();
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
            for (int[] batch : batches(chosenBy)) {
                FloatBuffer inputs = part(buffer, batch);
                rows.heldOut(batch, inputs);
                found.add(tuner.logits(inputs, batch.length));
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

    private FloatBuffer part(FloatBuffer buffer, int[] batch) {
        return buffer.slice(0, batch.length * rows.floats());
    }

    private FloatBuffer buffer(Arena arena, int count) {
        return arena.allocate(ValueLayout.JAVA_FLOAT, (long) count * rows.floats())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
