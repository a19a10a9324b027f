package dev.graft.cli.deadletter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Table;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.contracts.Topics;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Lists dead letters.
@Command(
        name = "list",
        description = {
            "List the dead letters of each topic, the newest first.",
            "Unreadable ones are no events; parked ones are events whose handling failed several times."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
final class DeadLettersListCommand extends SessionCommand {
    private static final int REASON_LENGTH = 80;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Only those of this topic.")
    private @Nullable String topic;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many at most, of each service; 1000 by default.")
    private int limit;

    @Spec
    private CommandSpec command;

    @Override
    protected void run(Session session) throws Exception {
        if (limit < 1) {
            throw new CommandLine.ParameterException(command.commandLine(), "--limit must be at least 1.");
        }
        List<ObjectNode> letters = session.services().deadLetters().list(topic, limit);
        Console console = session.console();
        if (topic != null && !Topics.ALL.contains(topic)) {
            console.remark(
                    "graft: There is no topic %s; the topics are %s.".formatted(topic, String.join(", ", Topics.ALL)));
        }
        console.result(letters, () -> {
            if (letters.isEmpty()) {
                console.say("There are no dead letters.");
                return;
            }
            Table table = new Table("ID", "KIND", "TIME", "ATTEMPTS", "REPLAYED", "REASON");
            for (ObjectNode letter : letters) {
                String reason = letter.path("reason").asText();
                table.row(
                        letter.path("id").asText(),
                        letter.path("kind").asText(),
                        letter.path("time").asText(),
                        letter.path("attempts").asText(),
                        letter.path("replayedAt").asText("-"),
                        reason.length() <= REASON_LENGTH ? reason : reason.substring(0, REASON_LENGTH) + " …");
            }
            table.lines().forEach(line -> console.say("%s", line));
        });
    }
}
