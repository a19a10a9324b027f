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
///
/// A training costs rows × features × classes in each step. Where that is much, as with a thousand classes, two of the
/// folds are left out in turn instead of all, and whole decades of strengths are tried instead of halves.
final class StrengthSearch {
    /// From strong to weak, in half decades.
    static final List<Double> STRENGTHS = List.of(1e5, 3e4, 1e4, 3e3, 1e3, 3e2, 1e2, 30.0, 10.0, 3.0, 1.0);

    /// From strong to weak, in decades.
    static final List<Double> DECADES = List.of(1e5, 1e4, 1e3, 1e2, 10.0, 1.0);

    private static final int FOLDS = 5;
    private static final int FOLDS_WHEN_COSTLY = 2;
    private static final long COSTLY_MULTIPLICATIONS = 200_000_000;
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
    private final Plan plan;
    private final List<int[]> deals;
    private final Listener listener;

    /// Rows left out somewhere, by deal and row.
    private final int[] measured;

    private StrengthSearch(
            Workers workers,
            FeatureMatrix features,
            Examples examples,
            Plan plan,
            List<int[]> deals,
            Listener listener) {
        this.workers = workers;
        this.features = features;
        this.examples = examples;
        this.plan = plan;
        this.deals = deals;
        this.listener = listener;
        this.measured = IntStream.range(0, deals.size() * features.rows())
                .filter(at -> deals.get(at / features.rows())[at % features.rows()] < plan.folds())
                .toArray();
    }

    /// Receives how far the search is.
    @FunctionalInterface
    interface Listener {
        void tried(int strengths, int of, double accuracy);
    }

    /// What is tried.
    ///
    /// @param rows      how many of the pictures serve
    /// @param deals     how often they are dealt to folds
    /// @param folds     how many of the folds of a deal are left out, one after the other
    /// @param strengths from strong to weak
    record Plan(int rows, int deals, int folds, List<Double> strengths) {
        /// Plans for a matrix of features.
        static Plan of(long rows, long columns, int classes) {
            int used = Math.toIntExact(Math.min(rows, Math.min(MAX_ROWS, Math.max(1, MAX_ELEMENTS / columns))));
            boolean costly = (double) used * columns * classes > COSTLY_MULTIPLICATIONS;
            return new Plan(
                    used,
                    costly ? 1 : Math.clamp(ENOUGH_LEFT_OUT / used, 1, MAX_DEALS),
                    costly ? FOLDS_WHEN_COSTLY : FOLDS,
                    costly ? DECADES : STRENGTHS);
        }

        /// Gives the trainings of each strength.
        int trainings() {
            return deals * folds;
        }
    }

    /// What was found.
    ///
    /// @param candidates the strengths that were tried, from strong to weak
    /// @param chosen     position of the one that was taken
    /// @param sharpness  what the logits of a head of that strength are multiplied with
    /// @param parameters mean of the parameters that the trainings of that strength found
    record Choice(List<StrengthCandidate> candidates, int chosen, double sharpness, float[] parameters) {
        double strength() {
            return candidates.get(chosen).strength();
        }
    }

    private record Trial(StrengthCandidate candidate, Calibration calibration, float[] parameters) {}

    /// Searches; of very many pictures, a drawn part is enough.
    ///
    /// @param features standardised
    static Choice search(
            Workers workers,
            FeatureMatrix features,
            Examples examples,
            List<String> identities,
            long seed,
            Listener listener) {
        Plan plan = Plan.of(features.rows(), features.columns(), examples.classes());
        if (plan.rows() == features.rows()) {
            return searchAll(workers, features, examples, plan, identities, seed, listener);
        }
        int[] rows = drawn(plan.rows(), examples, identities, seed);
        List<String> drawnIdentities =
                Arrays.stream(rows).mapToObj(identities::get).toList();
        try (FeatureMatrix part = features.select(rows)) {
            return searchAll(workers, part, examples.select(rows), plan, drawnIdentities, seed, listener);
        }
    }

    private static Choice searchAll(
            Workers workers,
            FeatureMatrix features,
            Examples examples,
            Plan plan,
            List<String> identities,
            long seed,
            Listener listener) {
        List<int[]> deals = IntStream.range(0, plan.deals())
                .mapToObj(deal ->
                        Folds.deal(identities, examples.labels(), examples.classes(), FOLDS, seed, "fold " + deal))
                .toList();
        return new StrengthSearch(workers, features, examples, plan, deals, listener).search();
    }

    private Choice search() {
        List<Trial> trials = new ArrayList<>();
        int length = SoftmaxObjective.parameters(features.columns(), examples.classes());
        double[][] parameters = new double[plan.trainings()][length];
        int best = 0;
        int worse = 0;
        for (double strength : plan.strengths()) {
            Trial trial = attempt(strength, parameters);
            trials.add(trial);
            if (trial.candidate().loss() < trials.get(best).candidate().loss()) {
                best = trials.size() - 1;
            }
            worse = isWithinOneError(trial, trials.get(best)) ? 0 : worse + 1;
            listener.tried(
                    trials.size(), plan.strengths().size(), trial.candidate().accuracy());
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
                trials.get(chosen).calibration().sharpness(),
                trials.get(chosen).parameters());
    }

    /// Trains on all folds but one, for each, starting from the head of the strength before.
    private Trial attempt(double strength, double[][] parameters) {
        int classes = examples.classes();
        float[] leftOut = new float[Math.multiplyExact(Math.multiplyExact(deals.size(), features.rows()), classes)];
        workers.forEach(parameters.length, (scope, training) -> {
            int[] folds = deals.get(training / plan.folds());
            int fold = training % plan.folds();
            Workers alone = Workers.alone(scope);
            SoftmaxObjective objective = new SoftmaxObjective(alone, features, examples.without(folds, fold), strength);
            parameters[training] = Lbfgs.minimise(objective, parameters[training], TOLERANCE, STEP_LIMIT, (_, _) -> {})
                    .parameters();
            float[] logits = SoftmaxObjective.logits(alone, features, parameters[training], classes);
            int start = training / plan.folds() * features.rows() * classes;
            for (int row = 0; row < folds.length; row++) {
                if (folds[row] == fold) {
                    System.arraycopy(logits, row * classes, leftOut, start + row * classes, classes);
                }
            }
        });
        float[] logits = new float[measured.length * classes];
        for (int at = 0; at < measured.length; at++) {
            System.arraycopy(leftOut, measured[at] * classes, logits, at * classes, classes);
        }
        Examples answered = examples.select(
                Arrays.stream(measured).map(at -> at % features.rows()).toArray());
        Calibration calibration = Calibration.of(logits, answered);
        double accuracy = Logits.accuracy(logits, answered.labels(), classes);
        return new Trial(new StrengthCandidate(strength, calibration.mean(), accuracy), calibration, mean(parameters));
    }

    private static float[] mean(double[][] parameters) {
        float[] mean = new float[parameters[0].length];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (double[] of : parameters) {
                sum += of[i];
            }
            mean[i] = (float) (sum / parameters.length);
        }
        return mean;
    }

    /// Compares picture by picture; those of one picture in several deals are no independent samples.
    private boolean isWithinOneError(Trial trial, Trial best) {
        int rows = features.rows();
        double[] differences = new double[rows];
        boolean[] counts = new boolean[rows];
        for (int at = 0; at < measured.length; at++) {
            int row = measured[at] % rows;
            double difference =
                    trial.calibration().losses()[at] - best.calibration().losses()[at];
            differences[row] += examples.weights()[row] * difference / deals.size();
            counts[row] = true;
        }
        double[] compared = IntStream.range(0, rows)
                .filter(row -> counts[row])
                .mapToDouble(row -> differences[row])
                .toArray();
        double mean = Arrays.stream(compared).sum() / compared.length;
        double squares = 0;
        for (double difference : compared) {
            squares += (difference - mean) * (difference - mean);
        }
        return mean <= Math.sqrt(squares / compared.length / compared.length);
    }

    private static int[] drawn(int limit, Examples examples, List<String> identities, long seed) {
        double share = (double) limit / identities.size();
        return Folds.shuffledByClass(identities, examples.labels(), examples.classes(), seed, "choose").stream()
                .flatMap(rows -> rows.stream().limit(Math.max(2, Math.round(rows.size() * share))))
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }
}
