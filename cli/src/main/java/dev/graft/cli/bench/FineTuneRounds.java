package dev.graft.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.bench.FineTuneReport.Part;
import dev.graft.cli.bench.FineTuneReport.Speed;
import dev.graft.networks.bench.TuningTrial;
import dev.graft.networks.bench.TuningTrial.Ready;
import dev.graft.networks.bench.TuningTrial.Turn;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The rounds of a trial: in each, every contender trains an epoch, in turns whose order changes from round
/// to round.
///
/// @param trial      what is trained
/// @param ready      what Graft's contender has said
/// @param contenders that wait for requests, Graft's first
/// @param rounds     how many
/// @param epochs     of the training that is added up
record FineTuneRounds(TuningTrial trial, Ready ready, List<MeasuredProcess> contenders, int rounds, int epochs) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = 1;

    /// Steps whose losses are compared, which also warm up.
    private static final int STEPS_COMPARED = 3;

    /// How far a loss may be off: what leaves the trunk is kept in half precision, with eleven bits, and a
    /// step of Adam is as long for a gradient near zero, whose sign rounding decides, as for any other.
    private static final double LOSS_TOLERANCE = 0.01;

    /// Measures.
    ///
    /// @param progress receives which of the rounds begins, from 0
    /// @throws ActionableException when the contenders do not train alike, or one fails
    Part run(Progress progress) throws IOException {
        Random random = new Random(SEED);
        double difference = compare(order(random, Math.min(trial.images(), STEPS_COMPARED * trial.batchSize())));
        double[][] seconds = new double[contenders.size()][rounds];
        double[] trunkSeconds = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            progress.begins(round);
            String request = JSON.writeValueAsString(order(random, trial.images()));
            List<Integer> turns = new ArrayList<>(
                    IntStream.range(0, contenders.size()).boxed().toList());
            Collections.rotate(turns, round);
            for (int turn : turns) {
                seconds[turn][round] =
                        contenders.get(turn).ask(request, Turn.class).seconds();
            }
            if (ready.trunk()) {
                trunkSeconds[round] =
                        contenders.getFirst().ask(TuningTrial.TRUNK, Turn.class).seconds();
            }
        }
        return part(
                Arrays.stream(seconds).mapToDouble(FineTuneRounds::median).toArray(), median(trunkSeconds), difference);
    }

    /// Receives how far the rounds are.
    interface Progress {
        void begins(int round);
    }

    private static int[] order(Random random, int count) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /// Returns by how much of the first contender's loss another's is off at most.
    private double compare(int[] order) throws IOException {
        String request = JSON.writeValueAsString(order);
        double greatest = 0;
        @Nullable List<Double> own = null;
        for (MeasuredProcess contender : contenders) {
            List<Double> losses = contender.ask(request, Turn.class).losses();
            if (own == null) {
                own = losses;
            }
            double difference = difference(own, losses);
            // Not a number is no agreement, either.
            if (!(difference <= LOSS_TOLERANCE)) {
                throw new ActionableException(
                        "%s does not train as Graft does: its losses are %s, and Graft's %s."
                                .formatted(contender.name(), losses, own),
                        "Times of different work say nothing.");
            }
            greatest = Math.max(greatest, difference);
        }
        return greatest;
    }

    private static double difference(List<Double> own, List<Double> others) {
        if (own.size() != others.size()) {
            return Double.NaN;
        }
        return IntStream.range(0, own.size())
                .mapToDouble(step -> Math.abs(others.get(step) - own.get(step)) / own.get(step))
                .reduce(0, Math::max);
    }

    private Part part(double[] seconds, double trunkSeconds, double difference) {
        double[] training = Arrays.stream(seconds).map(epoch -> epochs * epoch).toArray();
        training[0] += trunkSeconds;
        List<Speed> speeds = IntStream.range(0, contenders.size())
                .mapToObj(contender -> new Speed(
                        contenders.get(contender).name(),
                        rounded(trial.images() / seconds[contender], 10),
                        rounded(seconds[contender], 1000),
                        rounded(training[contender], 1000),
                        contender == 0 ? null : rounded(seconds[contender] / seconds[0], 100),
                        contender == 0 ? null : rounded(training[contender] / training[0], 100)))
                .toList();
        return new Part(
                trial.stages(),
                ready.parameters(),
                ready.trunk() ? rounded(1000 * trunkSeconds / trial.images(), 100) : null,
                Math.min(STEPS_COMPARED, Math.ceilDiv(trial.images(), trial.batchSize())),
                rounded(difference, 1e6),
                speeds,
                rounded(least(seconds) / seconds[0], 100),
                rounded(least(training) / training[0], 100));
    }

    private static double least(double[] values) {
        return Arrays.stream(values).skip(1).min().orElseThrow();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double rounded(double value, double parts) {
        return Math.round(value * parts) / parts;
    }
}
