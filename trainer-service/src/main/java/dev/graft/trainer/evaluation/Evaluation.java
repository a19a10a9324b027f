package dev.graft.trainer.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What a head answered to images that it had not seen.
///
/// @param classes       how many there are
/// @param probabilities float32 [images][classes], which nobody changes
/// @param answers       one for each image
/// @param confusion     how often: rows are true classes, columns are answers
/// @param logLoss       mean cross-entropy
@SuppressWarnings("ArrayRecordComponent") // Large, and never compared.
public record Evaluation(
        int classes,
        float[][] probabilities,
        List<Answer> answers,
        List<List<Long>> confusion,
        int topFiveRight,
        double logLoss) {
    private static final int TOP = 5;
    private static final double LEAST_PROBABILITY = 1e-15;

    /// One answer.
    ///
    /// @param row             position of the image
    /// @param probability     of the class answered
    /// @param trueProbability of the true class
    public record Answer(int row, int trueLabel, int answeredLabel, double probability, double trueProbability) {
        public boolean right() {
            return trueLabel == answeredLabel;
        }
    }

    public Evaluation {
        answers = List.copyOf(answers);
        confusion = confusion.stream().map(List::copyOf).toList();
    }

    /// Compares probabilities with the truth.
    ///
    /// @param probabilities float32 [images][classes]
    /// @param labels        true class of each image
    public static Evaluation of(float[][] probabilities, int[] labels, int classes) {
        long[][] confusion = new long[classes][classes];
        List<Answer> answers = new ArrayList<>();
        int topFive = 0;
        double logLoss = 0;
        for (int row = 0; row < labels.length; row++) {
            float[] of = probabilities[row];
            float truth = of[labels[row]];
            int answer = 0;
            int ahead = 0;
            for (int c = 0; c < classes; c++) {
                answer = of[c] > of[answer] ? c : answer;
                ahead += of[c] > truth || of[c] == truth && c < labels[row] ? 1 : 0;
            }
            topFive += ahead < TOP ? 1 : 0;
            logLoss -= Math.log(Math.max(truth, LEAST_PROBABILITY)) / labels.length;
            confusion[labels[row]][answer]++;
            answers.add(new Answer(row, labels[row], answer, of[answer], truth));
        }
        List<List<Long>> rows = Arrays.stream(confusion)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
        return new Evaluation(classes, probabilities, answers, rows, topFive, logLoss);
    }

    /// Gives the number of images answered.
    public int images() {
        return answers.size();
    }

    /// Gives how many answers were right.
    public int right() {
        return (int) answers.stream().filter(Answer::right).count();
    }

    /// Gives the share of right answers.
    public double accuracy() {
        return (double) right() / images();
    }

    /// Gives the share of images whose true class is among the five most probable.
    public double topFiveAccuracy() {
        return (double) topFiveRight / images();
    }

    /// Gives the interval that holds the accuracy on all such images with a confidence of 95 %.
    public Interval accuracyInterval() {
        return Interval.wilson(right(), images());
    }

    /// Gives the figures of each class.
    public List<ClassFigures> byClass() {
        return IntStream.range(0, classes)
                .mapToObj(label -> ClassFigures.of(confusion, label))
                .toList();
    }

    /// Gives the wrong answers, those first that were surest of themselves.
    public List<Answer> mistakes() {
        return answers.stream()
                .filter(answer -> !answer.right())
                .sorted(Comparator.comparingDouble(Answer::trueProbability).thenComparingInt(Answer::row))
                .toList();
    }
}
