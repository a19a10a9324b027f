package dev.graft.cli.stack;

import dev.graft.cli.console.Progress;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.util.Map;
import picocli.CommandLine.Command;

/// Ends the stack.
@Command(name = "down", description = "End the stack. What it keeps stays.")
public final class DownCommand extends SessionCommand {
    @Override
    protected void run(Session session) throws Exception {
        boolean ended;
        try (Progress progress = session.console().progress("stack")) {
            progress.note("ending");
            ended = session.stack().stop();
        }
        session.console()
                .result(
                        Map.of("ended", ended),
                        () -> session.console().say(ended ? "The stack has ended." : "There was no stack running."));
    }
}
