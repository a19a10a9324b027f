package dev.graft.cli.session;

import dev.graft.cli.console.Progress;
import dev.graft.stack.ActionableException;
import dev.graft.stack.DataDirectory;
import dev.graft.stack.StackControl;
import dev.graft.stack.StackPorts;
import dev.graft.stack.StackState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/// A stack of a command's own: in a folder below the user's data directory and on ports of its own, empty
/// at the start, and gone at the end, also when the command is interrupted.
public final class OwnStack implements AutoCloseable {
    private static final int PORT_DISTANCE = 1000;
    private static final Map<String, String> NOTHING_BEFORE_IT_IS_ASKED_FOR =
            Map.of("GRAFT_EMBEDDING_ON_INGEST", "false");

    private final Session session;
    private final Thread interruption = new Thread(this::endInterrupted, "end-own-stack");
    private boolean ended;

    private OwnStack(Session session) {
        this.session = session;
    }

    /// Makes the folder. The stack starts when its services are asked for.
    ///
    /// @param user   the session of the command
    /// @param prefix of the folder's name
    /// @throws IOException when the folder cannot be made
    public static OwnStack beside(Session user, String prefix) throws IOException {
        DataDirectory data =
                DataDirectory.at(Files.createTempDirectory(user.data().create().root(), prefix));
        int base = user.portBase().orElse(StackPorts.DEFAULT_BASE) + PORT_DISTANCE;
        OwnStack own = new OwnStack(new Session(
                user.console(),
                user.installation(),
                data,
                new StackControl(data, user.installation().with(NOTHING_BEFORE_IT_IS_ASKED_FOR)),
                OptionalInt.of(base)));
        Runtime.getRuntime().addShutdownHook(own.interruption);
        return own;
    }

    /// Gives a session that works with this stack.
    public Session session() {
        return session;
    }

    /// Gives the folder of the stack, which has room for what the command makes.
    public Path folder() {
        return session.data().root();
    }

    /// Says how the running stack is doing. Never starts it.
    ///
    /// @throws ActionableException when it does not run
    public StackState state() throws IOException {
        return session.stack()
                .running()
                .orElseThrow(() -> new ActionableException(
                        "The stack of this command has ended.", "See to it that the machine has enough memory."));
    }

    @Override
    public void close() throws IOException {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(interruption);
        } catch (IllegalStateException interrupted) {
            // Then the hook finds that all is done.
        }
    }

    private void endInterrupted() {
        try {
            end();
        } catch (IOException left) {
            session.console().remark("graft: %s is left behind: %s".formatted(folder(), left.getMessage()));
        }
    }

    private synchronized void end() throws IOException {
        if (!ended) {
            ended = true;
            try (Progress progress = session.console().progress("stack")) {
                progress.note("ending; its data are removed");
                session.stack().stop();
                Folders.delete(folder());
                progress.done("gone with its data");
            }
        }
    }
}
