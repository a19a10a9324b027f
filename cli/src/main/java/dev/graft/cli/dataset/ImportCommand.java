package dev.graft.cli.dataset;

import dev.graft.cli.console.Console;
import dev.graft.cli.folder.ImageSource;
import dev.graft.cli.rest.DatasetView;
import dev.graft.cli.rest.IngestClient;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Imports images into a dataset.
@Command(
        name = "import",
        description = {
            "Import pictures into a dataset, which is made unless it exists.",
            "They lie as LABEL/file or as train|val|test/LABEL/file.",
            "Exit status 3: some pictures were rejected; they are named, and the others are imported."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class ImportCommand extends SessionCommand {
    @Parameters(index = "0", paramLabel = "DATASET", description = "Lower-case letters, digits, '.', '_' and '-'.")
    private String dataset;

    @Parameters(index = "1", paramLabel = "PATH", description = "A folder, or a zip, tar or tar.gz archive.")
    private Path path;

    @Override
    protected void run(Session session) throws Exception {
        ImageSource source = ImageSource.at(path);
        Console console = session.console();
        IngestClient ingest = session.services().ingest();
        ImageImport.Outcome outcome = new ImageImport(console, ingest).run(dataset, source);
        ImportReport report = outcome.report();
        warnOfMissingTraining(console, ingest.dataset(report.dataset()));
        console.result(report, () -> {
            console.say("Dataset %s now has:", report.dataset());
            report.classes().forEach((label, count) -> console.say("  %-24s %7d", label, count));
            console.say("Train on it with ./graft train %s.", report.dataset());
        });
        outcome.requireAll();
    }

    private static void warnOfMissingTraining(Console console, DatasetView dataset) {
        Map<String, Long> splits = dataset.splits();
        long inSplits = splits.values().stream().mapToLong(Long::longValue).sum();
        if (inSplits > 0 && inSplits == dataset.images() && !splits.containsKey("train")) {
            console.remark("warning     all pictures of %s are in %s, and none is in train to learn from"
                    .formatted(dataset.name(), String.join(" and ", splits.keySet())));
        }
    }
}
