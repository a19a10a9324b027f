package dev.graft.trainer.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Chooses the strength of L2 regularisation by stratified cross-validation within the pictures learned from,
/// which is repeated with other folds where they are few.
///
/// The measure is the cross-entropy on the folds left out, after the best temperature: it says how well a head tells
/// the classes apart without punishing strong regularisation for its timid probabilities, and is far less noisy on few
/// pictures than accuracy. Among the strengths whose measure is within one standard error of the best, the strongest is
/// taken (the one-standard-error rule of Breiman and others, 1984; here of the paired difference).
final class StrengthSearch {
    /// From strong to weak, in half decades.
    static final List<Double> STRENGTHS = List.of(1e5, 3e4, 1e4, 3e3, 1e3, 3e2, 1e2, 30.0, 10.0, 3.0, 1.0);

    private static final int FOLDS = 5;
    private static final int MAX_DEALS = 5;
    /// Pictures left out in all deals together, where there are fewer deals than allowed.
    private static final int ENOUGH_LEFT_OUT = 1_500;
    private static final int MAX_ROWS = 5_000;
    private static final long MAX_ELEMENTS = 1L << 24;
    private static final double TOLERANCE = 1e-4;
    private static final int STEP_LIMIT = 200;
    /// So many strengths in a row that are surely worse end the search.
    private static final int WORSE_IN_A_ROW = 2;

    private final Workers workers;
    private final FeatureMatrix features;
    private final Examples examples;
    private final List<int[]> deals;
    private final TrainingListener listener;

    private StrengthSearch(
            Workers workers, FeatureMatrix features, Examples examples, List<int[]> deals, TrainingListener listener) {
        this.workers = workers;
        this.features = features;
        this.examples = examples;
        this.deals = deals;
        this.listener = listener;
    }

    /// What was found.
    ///
    /// @param candidates the strengths that were tried, from strong to weak
    /// @param chosen     position of the one that was taken
    /// @param sharpness  what the logits of a head of that strength are multiplied with
    record Choice(List<StrengthCandidate> candidates, int chosen, double sharpness) {
        double strength() {
            return candidates.get(chosen).strength();
        }
    }

    private record Trial(StrengthCandidate candidate, Calibration calibration) {}

    /// Searches; of very many pictures, a drawn part is enough.
    ///
    /// @param features standardised
    static Choice search(
            Workers workers,
            FeatureMatrix features,
            Examples examples,
            List<String> identities,
            long seed,
            TrainingListener listener) {
        int[] rows = drawn(features, examples, identities, seed);
        if (rows.length == features.rows()) {
            return searchAll(workers, features, examples, identities, seed, listener);
        }
        List<String> drawnIdentities =
                Arrays.stream(rows).mapToObj(identities::get).toList();
        try (FeatureMatrix part = features.select(rows)) {
            return searchAll(workers, part, examples.select(rows), drawnIdentities, seed, listener);
        }
    }

    private static Choice searchAll(
            Workers workers,
            FeatureMatrix features,
            Examples examples,
            List<String> identities,
            long seed,
            TrainingListener listener) {
        int count = Math.clamp(ENOUGH_LEFT_OUT / features.rows(), 1, MAX_DEALS);
        List<int[]> deals = IntStream.range(0, count)
                .mapToObj(deal ->
                        Folds.deal(identities, examples.labels(), examples.classes(), FOLDS, seed, "fold " + deal))
                .toList();
        return new StrengthSearch(workers, features, examples, deals, listener).search();
    }

    private Choice search() {
        List<Trial> trials = new ArrayList<>();
        int length = SoftmaxObjective.parameters(features.columns(), examples.classes());
        double[][] parameters = new double[deals.size() * FOLDS][length];
        int best = 0;
        int worse = 0;
        for (double strength : STRENGTHS) {
            Trial trial = attempt(strength, parameters);
            trials.add(trial);
            if (trial.candidate().loss() < trials.get(best).candidate().loss()) {
                best = trials.size() - 1;
            }
            worse = isWithinOneError(trial, trials.get(best)) ? 0 : worse + 1;
            listener.advanced(
                    trials.size(), STRENGTHS.size() + 1, null, trial.candidate().accuracy());
            if (worse == WORSE_IN_A_ROW && best < trials.size() - WORSE_IN_A_ROW) {
                break;
            }
        }
        int chosen = best;
        while (chosen > 0 && isWithinOneError(trials.get(chosen - 1), trials.get(best))) {
            chosen--;
        }
        return new Choice(
                trials.stream().map(Trial::candidate).toList(),
                chosen,
                trials.get(chosen).calibration().sharpness());
    }

    /// Trains on all folds but one, for each, starting from the head of the strength before.
    private Trial attempt(double strength, double[][] parameters) {
        int classes = examples.classes();
        float[] leftOut = new float[deals.size() * features.rows() * classes];
        workers.forEach(parameters.length, (scope, training) -> {
            int[] folds = deals.get(training / FOLDS);
            int fold = training % FOLDS;
            SoftmaxObjective objective = new SoftmaxObjective(scope, features, examples.without(folds, fold), strength);
            parameters[training] = Lbfgs.minimise(objective, parameters[training], TOLERANCE, STEP_LIMIT, (_, _) -> {})
                    .parameters();
            float[] logits = SoftmaxObjective.logits(scope, features, parameters[training], classes);
            int start = training / FOLDS * features.rows() * classes;
            for (int row = 0; row < folds.length; row++) {
                if (folds[row] == fold) {
                    System.arraycopy(logits, row * classes, leftOut, start + row * classes, classes);
                }
            }
        });
        Examples repeated = examples.times(deals.size());
        Calibration calibration = Calibration.of(leftOut, repeated);
        double accuracy = Logits.accuracy(leftOut, repeated.labels(), classes);
        return new Trial(new StrengthCandidate(strength, calibration.mean(), accuracy), calibration);
    }

    /// Compares picture by picture; those of one picture in several deals are no independent samples.
    private boolean isWithinOneError(Trial trial, Trial best) {
        int rows = features.rows();
        double[] differences = new double[rows];
        double mean = 0;
        for (int at = 0; at < rows * deals.size(); at++) {
            double difference =
                    trial.calibration().losses()[at] - best.calibration().losses()[at];
            differences[at % rows] += examples.weights()[at % rows] * difference / deals.size();
        }
        for (double difference : differences) {
            mean += difference / rows;
        }
        double squares = 0;
        for (double difference : differences) {
            squares += (difference - mean) * (difference - mean);
        }
        return mean <= Math.sqrt(squares / rows / rows);
    }

    private static int[] drawn(FeatureMatrix features, Examples examples, List<String> identities, long seed) {
        long limit = Math.min(MAX_ROWS, MAX_ELEMENTS / features.columns());
        if (features.rows() <= limit) {
            return IntStream.range(0, features.rows()).toArray();
        }
        double share = (double) limit / features.rows();
        return Folds.shuffledByClass(identities, examples.labels(), examples.classes(), seed, "choose").stream()
                .flatMap(rows -> rows.stream().limit(Math.max(2, Math.round(rows.size() * share))))
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }
}
