package dev.graft.stack;

import dev.graft.stack.StackState.Part;
import dev.graft.stack.StackState.PartPhase;
import dev.graft.stack.StackState.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Collects how the parts of a stack are doing and keeps the state file current. The file is for onlookers: when it
/// cannot be written, as on a full disk, the stack goes on, and the next change is written with the ones before it.
final class StateBoard {
    private static final System.Logger LOG = System.getLogger(StateBoard.class.getName());

    private final DataDirectory data;
    private StackState state;

    StateBoard(DataDirectory data, StackPorts ports, String build) {
        long self = ProcessHandle.current().pid();
        List<Part> parts = new ArrayList<>();
        parts.add(inside("database", ports.database(), self));
        parts.add(inside("broker", ports.broker(), self));
        parts.add(inside("objects", ports.objects(), self));
        for (Service service : Service.values()) {
            parts.add(new Part(service.label(), ports.of(service), 0, PartPhase.WAITING, 0, null));
        }
        this.data = data;
        this.state = new StackState(
                self, ports.base(), build, Phase.STARTING, System.currentTimeMillis(), parts, null, null);
        write();
    }

    private static Part inside(String name, int port, long self) {
        return new Part(name, port, self, PartPhase.STARTING, 0, null);
    }

    synchronized void phase(Phase phase) {
        replace(phase, state.parts(), state.problem(), state.remedy());
    }

    synchronized void failed(ActionableException why) {
        replace(Phase.FAILED, state.parts(), why.problem(), why.remedy());
    }

    synchronized void starting(Service service, long pid, int restarts) {
        change(
                service.label(),
                part -> new Part(part.name(), part.port(), pid, PartPhase.STARTING, restarts, part.startMillis()));
    }

    synchronized void ready(String name, long startMillis) {
        change(
                name,
                part -> new Part(part.name(), part.port(), part.pid(), PartPhase.READY, part.restarts(), startMillis));
    }

    synchronized void ended(Service service, PartPhase phase) {
        change(
                service.label(),
                part -> new Part(part.name(), part.port(), 0, phase, part.restarts(), part.startMillis()));
    }

    private void change(String name, UnaryOperator<Part> change) {
        List<Part> parts = state.parts().stream()
                .map(part -> part.name().equals(name) ? change.apply(part) : part)
                .toList();
        replace(state.phase(), parts, state.problem(), state.remedy());
    }

    private void replace(Phase phase, List<Part> parts, @Nullable String problem, @Nullable String remedy) {
        state = new StackState(
                state.pid(),
                state.portBase(),
                state.build(),
                phase,
                state.startedAtEpochMillis(),
                parts,
                problem,
                remedy);
        write();
    }

    private void write() {
        try {
            state.write(data);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "state of the stack not written reason={0}", e);
        }
    }
}
