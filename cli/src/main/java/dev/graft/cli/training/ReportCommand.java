package dev.graft.cli.training;

import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Fetches the report of a run.
@Command(
        name = "report",
        description = "Fetch the report of a training run, a web page of its own, and print its path.")
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class ReportCommand extends SessionCommand {
    @Parameters(paramLabel = "RUN", description = "An id from ./graft runs.")
    private String run;

    @Override
    protected void run(Session session) throws Exception {
        Path file = new Reports(session.data(), session.services().trainer()).fetch(run);
        session.console()
                .result(
                        Map.of("run", run, "report", file.toString()),
                        () -> session.console().say("%s", file));
    }
}
