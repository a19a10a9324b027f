package dev.graft.cli.stack;

import dev.graft.cli.console.Console;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.stack.StackProbe;
import dev.graft.stack.StackState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts the stack, and ends it on Ctrl-C unless it is detached.
@Command(name = "up", description = "Start the stack; end it with Ctrl-C, or run it in the background.")
public final class UpCommand extends SessionCommand {
    @Option(names = "--detach", description = "Return when it is ready and leave it running.")
    private boolean detach;

    @Override
    protected void run(Session session) throws Exception {
        if (detach) {
            start(session, "End it with ./graft down.");
            return;
        }
        Thread ending = new Thread(() -> end(session), "down");
        Runtime.getRuntime().addShutdownHook(ending);
        try {
            StackState state = start(session, "Ctrl-C ends it.");
            ProcessHandle.of(state.pid())
                    .ifPresent(supervisor -> supervisor.onExit().join());
            session.console().remark("The stack has ended.");
        } finally {
            forget(ending);
        }
    }

    private static StackState start(Session session, String hint) throws Exception {
        StackState state = session.ensureReady();
        StatusReport report = StatusReport.of(session, state, new StackProbe().examine(state));
        Console console = session.console();
        console.result(report, () -> {
            report.print(console, session);
            console.say("%s", hint);
        });
        return state;
    }

    /// Only a signal ends the stack: when this command is refused, the stack that runs is another's.
    private static void forget(Thread ending) {
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException alreadyEnding) {
            // It was a signal.
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
