package dev.graft.cli.session;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that works with a data directory and its stack.
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public abstract class SessionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /// Does the work, or fails with an exception that says why.
    protected abstract void run(Session session) throws Exception;

    @Override
    public final Integer call() throws Exception {
        SessionSource source = (SessionSource) spec.root().userObject();
        run(source.session());
        return 0;
    }
}
