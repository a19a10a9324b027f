package dev.graft.cli.stack;

import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.stack.StackProbe;
import dev.graft.stack.StackState;
import java.util.Optional;
import picocli.CommandLine.Command;

/// Reports the state of the stack, without starting it. Fails when it runs and a part of it is not ready.
@Command(
        name = "status",
        description = {
            "Say how the stack is doing. Does not start it.",
            "Exit status 1 when it runs and a part of it is not ready."
        })
public final class StatusCommand extends SessionCommand {
    @Override
    protected void run(Session session) throws Exception {
        Optional<StackState> running = session.stack().running();
        StatusReport report = running.isPresent()
                ? StatusReport.of(session, running.get(), new StackProbe().examine(running.get()))
                : StatusReport.notRunning(session);
        session.console().result(report, () -> print(session, report));
        report.requireReady(session);
    }

    private static void print(Session session, StatusReport report) {
        if (report.running()) {
            report.print(session.console(), session);
        } else {
            session.console()
                    .say(
                            "No stack runs in %s. Start it with ./graft up --detach.",
                            session.data().root());
        }
    }
}
