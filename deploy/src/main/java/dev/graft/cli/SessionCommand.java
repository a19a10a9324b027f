package dev.graft.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.ParentCommand;

/// A command that works with a data directory and its stack.
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
abstract class SessionCommand implements Callable<Integer> {
    @ParentCommand
    private Graft graft;

    /// Does the work, or fails with an exception that says why.
    abstract void run(Session session) throws Exception;

    @Override
    public final Integer call() throws Exception {
        run(graft.session());
        return 0;
    }
}
