package dev.graft.cli.training;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Fractions;
import dev.graft.cli.console.Progress;
import dev.graft.cli.rest.TrainerClient;
import dev.graft.cli.rest.TrainingRequest;
import dev.graft.cli.rest.TrainingRunView;
import dev.graft.cli.session.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Has a model trained and shows the progress.
public record Training(Session session, TrainerClient trainer) {
    /// @param idempotencyKey the same key and request give the same run; absent: a new run
    public TrainReport run(TrainingRequest request, @Nullable String idempotencyKey) throws IOException {
        Console console = session.console();
        try (Progress progress = console.progress("train")) {
            TrainingRunView begun = trainer.train(request, idempotencyKey);
            TrainingRunView ended = trainer.follow(begun, run -> show(progress, run));
            Path file = new Reports(session.data(), trainer).fetch(ended.id());
            TrainReport report = TrainReport.of(ended, file);
            progress.done("accuracy %s on pictures it has not seen; %d epochs; embeddings: %d computed, %d known; %s"
                    .formatted(
                            Fractions.percent(report.testAccuracy()),
                            report.epochs(),
                            report.embeddings().computed(),
                            report.embeddings().cached(),
                            Durations.words(report.seconds().total())));
            return report;
        }
    }

    private static void show(Progress progress, TrainingRunView run) {
        TrainingRunView.Progress at = run.progress();
        if (at == null) {
            progress.note(run.state().toLowerCase(Locale.ROOT));
        } else {
            String epoch = at.epoch() == null ? "" : " epoch " + at.epoch() + ",";
            String count = at.total() > 0 ? " " + at.done() + " of " + at.total() : "";
            String measures = (at.loss() == null ? "" : String.format(Locale.ROOT, "  loss %.4f", at.loss()))
                    + (at.accuracy() == null ? "" : "  accuracy " + Fractions.percent(at.accuracy()));
            progress.update(
                    at.done(),
                    at.total(),
                    at.phase().toLowerCase(Locale.ROOT).replace('_', '-') + epoch + count + measures + pace(at));
        }
    }

    private static String pace(TrainingRunView.Progress at) {
        String speed = at.imagesPerSecond() == null
                ? ""
                : String.format(Locale.ROOT, "  %.1f pictures/s", at.imagesPerSecond());
        String left = at.secondsLeft() == null ? "" : "  " + Durations.about(at.secondsLeft()) + " left";
        return speed + left;
    }
}
