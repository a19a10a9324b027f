package dev.graft.cli.deadletter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Shows a dead letter.
@Command(name = "show", description = "Show a dead letter with its headers and body.")
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class DeadLettersShowCommand extends SessionCommand {
    @Parameters(paramLabel = "ID", description = "An id from ./graft dead-letters list.")
    private String id;

    @Override
    protected void run(Session session) throws Exception {
        ObjectNode letter = session.services().deadLetters().show(id);
        Console console = session.console();
        console.result(
                letter,
                () -> letter.properties().forEach(member -> {
                    if (member.getValue().isObject()) {
                        member.getValue()
                                .properties()
                                .forEach(header -> console.say(
                                        "  %-20s %s",
                                        header.getKey(), header.getValue().asText()));
                    } else {
                        console.say(
                                "%-22s %s", member.getKey(), member.getValue().asText());
                    }
                }));
    }
}
