package dev.graft.stack;

import dev.graft.stack.StackState.Phase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Starts, finds and ends the stack of a data directory from another process.
public final class StackControl {
    private static final Duration START_PATIENCE = Duration.ofSeconds(240);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(150);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long LOG_SIZE_BYTES_MAX = 8L << 20;

    private final DataDirectory data;
    private final Installation installation;

    public StackControl(DataDirectory data, Installation installation) {
        this.data = data;
        this.installation = installation;
    }

    /// Finds the state of the stack; empty when its supervisor does not live.
    ///
    /// @throws IOException when the state file cannot be read
    public Optional<StackState> running() throws IOException {
        return StackState.read(data).filter(state -> MarkedProcesses.contains(data, state.pid()));
    }

    /// Sees to it that the stack runs and is ready. One that runs another build of Graft is replaced.
    ///
    /// @param portBase the wanted one; absent: that of the running stack, or the default
    /// @param progress receives every step of a stack that is being started or waited for
    /// @throws ActionableException when it cannot be started
    public StackState ensureReady(OptionalInt portBase, Consumer<StackState> progress)
            throws IOException, InterruptedException {
        Optional<StackState> ready =
                running().filter(state -> state.phase() == Phase.READY && isWanted(state, portBase));
        if (ready.isPresent()) {
            return ready.get();
        }
        data.create();
        try (FileChannel file =
                        FileChannel.open(data.starterLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = file.lock()) {
            Objects.requireNonNull(alone);
            Optional<StackState> found = running();
            if (found.isPresent()) {
                Phase phase = found.get().phase();
                if ((phase == Phase.STARTING || phase == Phase.READY) && isWanted(found.get(), portBase)) {
                    return awaitReady(found.get().pid(), progress);
                }
                stop();
            }
            return awaitReady(spawn(portBase.orElse(StackPorts.DEFAULT_BASE)), progress);
        }
    }

    private boolean isWanted(StackState state, OptionalInt portBase) {
        if (portBase.isPresent() && portBase.getAsInt() != state.portBase()) {
            throw new ActionableException(
                    "The stack of " + data.root() + " runs on port base " + state.portBase() + ".",
                    "Leave out --port-base, end it first with ./graft down, or choose another --data-dir.");
        }
        return state.build().equals(installation.build());
    }

    private long spawn(int portBase) throws IOException {
        Path log = data.logs().resolve("supervisor.log");
        if (Files.exists(log) && Files.size(log) > LOG_SIZE_BYTES_MAX) {
            Files.move(log, data.logs().resolve("supervisor.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder supervisor = installation
                .supervisor(data, portBase)
                .builder()
                .directory(data.root().toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        supervisor.command().addFirst("setsid");
        return supervisor.start().pid();
    }

    private StackState awaitReady(long pid, Consumer<StackState> progress) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        StackState seen = null;
        while (System.nanoTime() < deadline) {
            boolean alive = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
            StackState state = StackState.read(data)
                    .filter(written -> written.pid() == pid)
                    .orElse(null);
            if (state != null && !state.equals(seen)) {
                progress.accept(state);
                seen = state;
            }
            if (state != null && state.phase() == Phase.READY) {
                return state;
            }
            if (state != null && state.phase() == Phase.FAILED && state.problem() != null) {
                throw new ActionableException(state.problem(), Objects.requireNonNullElse(state.remedy(), ""));
            }
            if (!alive) {
                throw new ActionableException(
                        "The stack ended while it started."
                                + LogTail.quote(data.logs().resolve("supervisor.log")),
                        "The logs in " + data.logs() + " say more.");
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
        throw new ActionableException(
                "The stack was not ready within " + START_PATIENCE.toSeconds() + " s.",
                "The logs in " + data.logs() + " say more.");
    }

    /// Kills the process of a service (SIGKILL), as a machine without memory does. The supervisor starts it
    /// again.
    ///
    /// @return whether there was one
    /// @throws IOException when the state file cannot be read
    public boolean kill(Service service) throws IOException {
        return running().stream()
                .flatMap(state -> state.parts().stream())
                .filter(part -> part.name().equals(service.label()) && MarkedProcesses.contains(data, part.pid()))
                .flatMap(part -> ProcessHandle.of(part.pid()).stream())
                .anyMatch(ProcessHandle::destroyForcibly);
    }

    /// Ends the stack, and whatever an earlier life of it left behind.
    ///
    /// @return whether there was anything to end
    public boolean stop() throws IOException {
        Optional<StackState> running = running();
        running.flatMap(state -> ProcessHandle.of(state.pid())).ifPresent(supervisor -> {
            supervisor.destroy();
            MarkedProcesses.awaitEnd(supervisor, STOP_PATIENCE);
        });
        int left = MarkedProcesses.endAll(data);
        return running.isPresent() || left > 0;
    }
}
