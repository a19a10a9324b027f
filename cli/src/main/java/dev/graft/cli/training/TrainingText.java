package dev.graft.cli.training;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Fractions;
import dev.graft.cli.console.Table;
import dev.graft.cli.rest.TrainingRunView;
import java.util.List;

/// Says in words what came of a training run.
final class TrainingText {
    private static final int CLASSES_SHOWN_MAX = 30;
    /// Among so few classes, the true one is always among the top five.
    private static final int TOP = 5;

    private TrainingText() {}

    static void print(Console console, TrainReport report) {
        console.say(
                "Model %s version %d: accuracy %s%s.",
                report.model(),
                report.version(),
                Fractions.percent(report.testAccuracy()),
                report.labels().size() > TOP ? " (top 5: " + Fractions.percent(report.top5Accuracy()) + ")" : "");
        TrainingRunView.FineTuned tuned = report.fineTuned();
        if (tuned != null) {
            console.say(
                    "%s, %d epochs, %s) took the accuracy from %s to %s.",
                    tuned.stages().isEmpty()
                            ? "Learning from varied pictures (the head alone"
                            : "Fine-tuning %s (%,d parameters"
                                    .formatted(String.join(", ", tuned.stages()), tuned.parameters()),
                    tuned.epochs(),
                    Durations.words(tuned.seconds()),
                    Fractions.percent(tuned.accuracyBefore()),
                    Fractions.percent(report.testAccuracy()));
        }
        recalls(report).lines().forEach(line -> console.say("  %s", line));
        console.say(
                "Took %s: embedding %s, training %s.",
                Durations.words(report.seconds().total()),
                Durations.words(report.seconds().embedding()),
                Durations.words(report.seconds().training()));
        console.say("Report: %s", report.report());
        console.say("Ask it with ./graft predict %s FILE…", report.model());
    }

    private static Table recalls(TrainReport report) {
        Table table = new Table("CLASS", "RIGHT", "OF");
        for (int i = 0; i < Math.min(CLASSES_SHOWN_MAX, report.labels().size()); i++) {
            List<Long> answers = report.confusionMatrix().get(i);
            table.row(
                    report.labels().get(i),
                    answers.get(i),
                    answers.stream().mapToLong(Long::longValue).sum());
        }
        return table;
    }
}
