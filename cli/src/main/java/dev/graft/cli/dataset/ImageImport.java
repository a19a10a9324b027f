package dev.graft.cli.dataset;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Progress;
import dev.graft.cli.folder.ImageSource;
import dev.graft.cli.rest.ImportView;
import dev.graft.cli.rest.ImportView.Leak;
import dev.graft.cli.rest.IngestClient;
import dev.graft.cli.session.PartialLossException;
import dev.graft.stack.ActionableException;
import java.util.List;
import java.util.Objects;

/// Imports images into a dataset, shows the progress, and names what is rejected.
public record ImageImport(Console console, IngestClient ingest) {
    private static final int FILES_SHOWN_MAX = 20;

    /// An import that ended well.
    public record Outcome(ImportReport report, ImportLosses losses) {
        /// @throws PartialLossException when images were lost
        void requireAll() {
            if (losses.files() > 0) {
                throw new PartialLossException(
                        "%,d of %,d files were not imported: %s."
                                .formatted(report.rejectedTotal(), report.images(), losses.words()),
                        losses.remedy());
            }
        }
    }

    /// @throws ActionableException when no file is in the dataset by it; the report is printed before
    public Outcome run(String dataset, ImageSource source) {
        long beganNanos = System.nanoTime();
        ingest.create(dataset);
        try (Progress progress = console.progress("import")) {
            ImportView begun = ingest.send(
                    dataset, source, sent -> progress.update(sent, Math.max(sent, source.sizeBytes()), "sending"));
            ImportView ended = ingest.follow(begun, view -> show(progress, view));
            ImportReport report = ImportReport.of(ended, Durations.secondsSince(beganNanos));
            ImportLosses losses = ImportLosses.of(ended);
            progress.done(report.summary());
            nameRejected(report, losses);
            nameLeaks(ended);
            if (ended.failed()) {
                console.result(report, () -> {});
                throw new ActionableException("The import failed: " + ended.detail(), losses.remedy());
            }
            return new Outcome(report, losses);
        }
    }

    /// A few are named one by one, many by their reasons.
    private void nameRejected(ImportReport report, ImportLosses losses) {
        if (report.rejectedTotal() <= FILES_SHOWN_MAX) {
            report.rejected()
                    .forEach(reject -> console.remark("rejected    %s: %s".formatted(reject.file(), reject.detail())));
            return;
        }
        losses.reasons()
                .forEach(reason -> console.remark("rejected    %,d × %s, first %s: %s"
                        .formatted(reason.files(), reason.kind(), reason.file(), reason.detail())));
    }

    private void nameLeaks(ImportView ended) {
        List<Leak> leaks = Objects.requireNonNullElse(ended.leaks(), List.of());
        leaks.stream()
                .limit(FILES_SHOWN_MAX)
                .forEach(leak -> console.remark("leak        %s (%s) is the same picture as %s; it counts in %s only"
                        .formatted(leak.file(), leak.split(), leak.keptFile(), leak.keptSplit())));
        if (ended.leaksTotal() > FILES_SHOWN_MAX) {
            console.remark("            and %,d more".formatted(ended.leaksTotal() - FILES_SHOWN_MAX));
        }
    }

    private static void show(Progress progress, ImportView view) {
        long done = view.images();
        long total = Objects.requireNonNullElse(view.total(), 0L);
        progress.update(done, total, total > 0 ? done + " of " + total + " files" : done + " files");
    }
}
