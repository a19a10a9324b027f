package dev.graft.cli.drill;

import dev.graft.cli.folder.ImageSource;
import dev.graft.cli.session.OwnStack;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.cli.session.WholeNumber;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Kills the trainer service while it fine-tunes, in a stack of its own that is empty at the start and gone
/// at the end.
@Command(
        name = "trainer",
        description = {
            "Kill the trainer service again and again while it fine-tunes, and compare the models with that of an undisturbed run.",
            "Exit status 1 when one is another."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class DrillTrainerCommand extends SessionCommand {
    @Option(
            names = "--kills",
            paramLabel = "N",
            converter = KillCount.class,
            defaultValue = "20",
            description =
                    "How often it is killed, 1 to 1,000 times (${DEFAULT-VALUE}, which take some twenty minutes).")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "The moments are drawn from it (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--dataset",
            paramLabel = "PATH",
            description = "Pictures to train on, LABEL/file in a folder or archive; the bundled sample by default.")
    private @Nullable Path dataset;

    @Override
    protected void run(Session session) throws Exception {
        ImageSource images =
                ImageSource.at(dataset == null ? session.installation().home().resolve("sample") : dataset);
        try (OwnStack own = OwnStack.beside(session, "drill-")) {
            TrainerDrillReport report = new TrainerDrill(own, own.session().services(), kills, seed).run(images);
            session.console().result(report, () -> report.print(session.console()));
            report.requireHolds();
        }
    }

    /// How often to kill.
    static final class KillCount extends WholeNumber {
        KillCount() {
            super(1, 1_000, "kills");
        }
    }
}
