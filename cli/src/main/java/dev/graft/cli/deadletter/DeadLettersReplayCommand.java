package dev.graft.cli.deadletter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Replays dead letters.
@Command(
        name = "replay",
        description = {
            "Publish dead letters once more on their topics.",
            "What was handled already is passed over; what fails again becomes a dead letter again.",
            "Exit status 3: some were not replayed; they are named."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class DeadLettersReplayCommand extends SessionCommand {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids from ./graft dead-letters list.")
    private List<String> ids;

    @Override
    protected void run(Session session) throws Exception {
        Console console = session.console();
        Replays.Outcome outcome = new Replays(console, session.services().deadLetters()).run(ids);
        if (!outcome.replayed().isEmpty()) {
            console.result(outcome.replayed(), () -> outcome.replayed().forEach(letter -> say(console, letter)));
        }
        outcome.requireAll();
    }

    private static void say(Console console, ObjectNode letter) {
        console.say(
                "Replayed %s on %s.",
                letter.path("id").asText(), letter.path("topic").asText());
    }
}
