package dev.graft.cli.session;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Progress;
import dev.graft.cli.rest.Services;
import dev.graft.stack.DataDirectory;
import dev.graft.stack.Installation;
import dev.graft.stack.StackControl;
import dev.graft.stack.StackState;
import dev.graft.stack.StackState.PartPhase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a command works with: the console, the data directory and its stack.
///
/// @param portBase the one that the user chose, if any
public record Session(
        Console console, Installation installation, DataDirectory data, StackControl stack, OptionalInt portBase) {

    public static Session of(Console console, @Nullable Path dataDirectory, OptionalInt portBase) {
        Installation installation = Installation.current();
        Path root = dataDirectory == null ? installation.home().resolve(".graft") : dataDirectory;
        DataDirectory data = DataDirectory.at(root);
        return new Session(console, installation, data, new StackControl(data, installation), portBase);
    }

    /// Gives the services, after starting the stack when it is not running; it goes on running.
    public Services services() throws IOException, InterruptedException {
        return Services.at(ensureReady().ports(), notice -> console.remark("graft: " + notice));
    }

    /// Starts the stack unless it runs.
    public StackState ensureReady() throws IOException, InterruptedException {
        long beganNanos = System.nanoTime();
        boolean[] started = {false};
        try (Progress progress = console.progress("stack")) {
            StackState state = stack.ensureReady(portBase, step -> {
                started[0] = true;
                progress.note(describe(step));
            });
            if (started[0]) {
                progress.done("ready in %s; it keeps running until ./graft down  (data in %s)"
                        .formatted(Durations.since(beganNanos), data.root()));
            }
            return state;
        }
    }

    private static String describe(StackState state) {
        if (state.phase() == StackState.Phase.STOPPING) {
            return "stopping";
        }
        String awaited = state.parts().stream()
                .filter(part -> part.phase() != PartPhase.READY)
                .map(StackState.Part::name)
                .collect(Collectors.joining(", "));
        return awaited.isEmpty() ? "starting" : "starting: waiting for " + awaited;
    }
}
