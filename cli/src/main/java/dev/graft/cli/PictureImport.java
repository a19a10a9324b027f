package dev.graft.cli;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Progress;
import dev.graft.cli.folder.PictureSource;
import dev.graft.cli.rest.ImportView;
import dev.graft.cli.rest.IngestClient;
import java.util.Objects;

/// Imports pictures into a dataset, shows how it comes on, and names what is rejected.
record PictureImport(Console console, IngestClient ingest) {
    private static final int REJECTS_SHOWN_MAX = 20;

    ImportReport run(String dataset, PictureSource source) {
        long beganNanos = System.nanoTime();
        ingest.create(dataset);
        try (Progress progress = console.progress("import")) {
            ImportView begun = ingest.send(
                    dataset, source, sent -> progress.update(sent, Math.max(sent, source.sizeBytes()), "sending"));
            ImportView ended = ingest.follow(begun, view -> show(progress, view));
            ImportReport report = ImportReport.of(ended, Durations.secondsSince(beganNanos));
            progress.done(report.summary());
            nameRejected(report);
            return report;
        }
    }

    private void nameRejected(ImportReport report) {
        report.rejected().stream()
                .limit(REJECTS_SHOWN_MAX)
                .forEach(reject -> console.remark("rejected    %s: %s".formatted(reject.file(), reject.detail())));
        if (report.rejected().size() > REJECTS_SHOWN_MAX) {
            console.remark("            and %d more".formatted(report.rejected().size() - REJECTS_SHOWN_MAX));
        }
    }

    private static void show(Progress progress, ImportView view) {
        long done = view.accepted()
                + view.duplicates()
                + (view.rejected() == null ? 0 : view.rejected().size());
        long total = Objects.requireNonNullElse(view.total(), 0L);
        progress.update(done, total, total > 0 ? done + " of " + total + " pictures" : done + " pictures");
    }
}
