package dev.graft.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that works with a data directory and its stack.
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
abstract class SessionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /// Does the work, or fails with an exception that says why.
    abstract void run(Session session) throws Exception;

    @Override
    public final Integer call() throws Exception {
        Graft graft = (Graft) spec.root().userObject();
        run(graft.session());
        return 0;
    }
}
