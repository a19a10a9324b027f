package dev.graft.cli.deadletter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.rest.DeadLetterClient;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Replays dead letters.
@Command(
        name = "replay",
        description = {
            "Publish dead letters once more on their topics.",
            "What was handled already is passed over; what fails again becomes a dead letter again."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class DeadLettersReplayCommand extends SessionCommand {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids from ./graft dead-letters list.")
    private List<String> ids;

    @Override
    protected void run(Session session) throws Exception {
        DeadLetterClient client = session.services().deadLetters();
        List<ObjectNode> replayed = new ArrayList<>();
        for (String id : ids) {
            replayed.add(client.replay(id));
        }
        Console console = session.console();
        console.result(
                replayed,
                () -> replayed.forEach(letter -> console.say(
                        "Replayed %s on %s.",
                        letter.path("id").asText(), letter.path("topic").asText())));
    }
}
