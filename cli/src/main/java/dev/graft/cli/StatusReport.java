package dev.graft.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Table;
import dev.graft.stack.StackState;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the stack is doing, as `status` and `up` print it.
///
/// @param portBase absent when it does not run
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatusReport(
        boolean running,
        String dataDir,
        @Nullable Integer portBase,
        @Nullable String phase,
        List<Part> parts) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Part(
            String name,
            String phase,
            String address,
            long pid,
            int restarts,
            @Nullable Long startMillis) {
        static Part of(StackState.Part part) {
            String scheme = switch (part.name()) {
                case "broker", "database" -> "";
                default -> "http://";
            };
            return new Part(
                    part.name(),
                    part.phase().name().toLowerCase(Locale.ROOT),
                    scheme + "127.0.0.1:" + part.port(),
                    part.pid(),
                    part.restarts(),
                    part.startMillis());
        }
    }

    static StatusReport notRunning(Session session) {
        return new StatusReport(false, session.data().root().toString(), null, null, List.of());
    }

    static StatusReport of(Session session, StackState state) {
        return new StatusReport(
                true,
                session.data().root().toString(),
                state.portBase(),
                state.phase().name().toLowerCase(Locale.ROOT),
                state.parts().stream().map(Part::of).toList());
    }

    static void print(Console console, Session session, StackState state) {
        StatusReport report = of(session, state);
        Table table = new Table("PART", "STATE", "ADDRESS", "PROCESS", "RESTARTS");
        for (Part part : report.parts()) {
            table.row(part.name(), part.phase(), part.address(), part.pid(), part.restarts());
        }
        console.say(
                "The stack of %s is %s.", report.dataDir(), state.phase().name().toLowerCase(Locale.ROOT));
        table.lines().forEach(line -> console.say("%s", line));
        console.say("Logs are in %s.", session.data().logs());
    }
}
