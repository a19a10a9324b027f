package dev.graft.cli;

import dev.graft.cli.console.Console;
import dev.graft.cli.folder.PictureSource;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Imports pictures into a dataset.
@Command(
        name = "import",
        description = {
            "Import pictures into a dataset, which is made unless it exists.",
            "They lie as LABEL/file or as train|val|test/LABEL/file."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class ImportCommand extends SessionCommand {
    @Parameters(index = "0", paramLabel = "DATASET", description = "Lower-case letters, digits, '.', '_' and '-'.")
    private String dataset;

    @Parameters(index = "1", paramLabel = "PATH", description = "A folder, or a zip, tar or tar.gz archive.")
    private Path path;

    @Override
    void run(Session session) throws Exception {
        PictureSource source = PictureSource.at(path);
        Console console = session.console();
        ImportReport report = new PictureImport(console, session.services().ingest()).run(dataset, source);
        console.result(report, () -> {
            console.say("Dataset %s now has:", report.dataset());
            report.classes().forEach((label, count) -> console.say("  %-24s %7d", label, count));
            console.say("Train on it with ./graft train %s.", report.dataset());
        });
    }
}
