package dev.graft.cli.stack;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Table;
import dev.graft.cli.session.Session;
import dev.graft.stack.ActionableException;
import dev.graft.stack.PartHealth;
import dev.graft.stack.PartHealth.Condition;
import dev.graft.stack.StackState;
import dev.graft.stack.StackState.Phase;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How the stack is doing, as `status` and `up` print it.
///
/// @param ready    whether every part answers and can do its work
/// @param portBase absent when it does not run
/// @param phase    that of the stack; `degraded` when it was ready and a part of it is not any more
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatusReport(
        boolean running,
        boolean ready,
        String dataDir,
        @Nullable Integer portBase,
        @Nullable String phase,
        List<Part> parts) {

    /// @param phase  its condition, in words
    /// @param detail what is wrong, in a few words; absent when nothing is
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Part(
            String name,
            String phase,
            String address,
            long pid,
            int restarts,
            @Nullable Long startMillis,
            @Nullable String detail) {
        static Part of(PartHealth health) {
            StackState.Part part = health.part();
            String scheme = switch (part.name()) {
                case "broker", "database" -> "";
                default -> "http://";
            };
            return new Part(
                    part.name(),
                    health.condition().words(),
                    scheme + "127.0.0.1:" + part.port(),
                    part.pid(),
                    part.restarts(),
                    part.startMillis(),
                    health.detail().isEmpty() ? null : health.detail());
        }

        private boolean isReady() {
            return phase.equals(Condition.READY.words());
        }

        private String words() {
            return detail == null ? name + " is " + phase : name + " is " + phase + " (" + detail + ")";
        }
    }

    static StatusReport notRunning(Session session) {
        return new StatusReport(false, false, session.data().root().toString(), null, null, List.of());
    }

    static StatusReport of(Session session, StackState state, List<PartHealth> health) {
        List<Part> parts = health.stream().map(Part::of).toList();
        boolean ready = state.phase() == Phase.READY && parts.stream().allMatch(Part::isReady);
        String phase = state.phase() == Phase.READY && !ready
                ? "degraded"
                : state.phase().name().toLowerCase(Locale.ROOT);
        return new StatusReport(true, ready, session.data().root().toString(), state.portBase(), phase, parts);
    }

    void print(Console console, Session session) {
        Table table = new Table("PART", "STATE", "ADDRESS", "PROCESS", "RESTARTS", "");
        for (Part part : parts) {
            table.row(
                    part.name(),
                    part.phase(),
                    part.address(),
                    part.pid(),
                    part.restarts(),
                    part.detail() == null ? "" : part.detail());
        }
        console.say("The stack of %s is %s.", dataDir, String.valueOf(phase));
        table.lines().forEach(line -> console.say("%s", line));
        console.say("Logs are in %s.", session.data().logs());
    }

    /// Fails when a part of a running stack is not ready.
    ///
    /// @throws ActionableException that says which, and what to do about it
    void requireReady(Session session) {
        if (ready || !running) {
            return;
        }
        String wrong =
                parts.stream().filter(part -> !part.isReady()).map(Part::words).collect(Collectors.joining("; "));
        throw new ActionableException(
                "The stack is %s: %s.".formatted(phase, wrong.isEmpty() ? "it is not up yet" : wrong), remedy(session));
    }

    private String remedy(Session session) {
        if (parts.stream().anyMatch(part -> part.phase().equals(Condition.SILENT.words()))) {
            return "What does not answer may be stopped or overloaded: see its log in %s; ./graft down and ./graft up start all of it again."
                    .formatted(session.data().logs());
        }
        if (parts.stream().anyMatch(part -> part.phase().equals(Condition.RESTARTING.words()))) {
            return "Its log in %s says why it ended.".formatted(session.data().logs());
        }
        return "Ask again in a moment; the logs in %s say more."
                .formatted(session.data().logs());
    }
}
