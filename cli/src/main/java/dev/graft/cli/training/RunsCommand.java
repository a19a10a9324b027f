package dev.graft.cli.training;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Fractions;
import dev.graft.cli.console.Table;
import dev.graft.cli.rest.TrainingRunView;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/// Lists the training runs.
@Command(name = "runs", description = "List the training runs, the newest first.")
public final class RunsCommand extends SessionCommand {
    @Override
    protected void run(Session session) throws Exception {
        List<TrainingRunView> runs = session.services().trainer().runs();
        Console console = session.console();
        console.result(runs, () -> {
            Table table = new Table("RUN", "DATASET", "MODEL", "VERSION", "STATE", "ACCURACY");
            for (TrainingRunView run : runs) {
                table.row(
                        run.id(),
                        run.dataset(),
                        run.model(),
                        run.version() == null ? "-" : run.version(),
                        run.state().toLowerCase(Locale.ROOT),
                        run.result() == null
                                ? "-"
                                : Fractions.percent(run.result().testAccuracy()));
            }
            table.lines().forEach(line -> console.say("%s", line));
        });
    }
}
