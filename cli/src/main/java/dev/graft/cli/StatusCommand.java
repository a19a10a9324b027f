package dev.graft.cli;

import dev.graft.stack.StackState;
import java.util.Optional;
import picocli.CommandLine.Command;

/// Tells how the stack is doing, without starting it.
@Command(name = "status", description = "Say how the stack is doing. Does not start it.")
final class StatusCommand extends SessionCommand {
    @Override
    void run(Session session) throws Exception {
        Optional<StackState> running = session.stack().running();
        StatusReport report =
                running.map(state -> StatusReport.of(session, state)).orElseGet(() -> StatusReport.notRunning(session));
        session.console()
                .result(
                        report,
                        () -> running.ifPresentOrElse(
                                state -> StatusReport.print(session.console(), session, state),
                                () -> session.console()
                                        .say(
                                                "No stack runs in %s. Start it with ./graft up --detach.",
                                                session.data().root())));
    }
}
