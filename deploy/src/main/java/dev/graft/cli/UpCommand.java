package dev.graft.cli;

import dev.graft.cli.console.Console;
import dev.graft.stack.StackState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts the stack, and ends it on Ctrl-C unless it is detached.
@Command(name = "up", description = "Start the stack; end it with Ctrl-C, or run it in the background.")
final class UpCommand extends SessionCommand {
    @Option(names = "--detach", description = "Return when it is ready and leave it running.")
    private boolean detach;

    @Override
    void run(Session session) throws Exception {
        if (!detach) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(session), "down"));
        }
        StackState state = session.ensureReady();
        Console console = session.console();
        console.result(StatusReport.of(session, state), () -> {
            StatusReport.print(console, session, state);
            console.say(detach ? "End it with ./graft down." : "Ctrl-C ends it.");
        });
        if (!detach) {
            ProcessHandle.of(state.pid())
                    .ifPresent(supervisor -> supervisor.onExit().join());
            session.console().remark("The stack has ended.");
        }
    }

    private static void end(Session session) {
        try {
            session.stack().stop();
        } catch (Exception e) {
            session.console().remark("graft: the stack could not be ended: " + e.getMessage());
        }
    }
}
