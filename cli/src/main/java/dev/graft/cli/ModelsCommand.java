package dev.graft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Table;
import picocli.CommandLine.Command;

/// Lists the models.
@Command(name = "models", description = "List the models, their versions and which of them is in production.")
final class ModelsCommand extends SessionCommand {
    @Override
    void run(Session session) throws Exception {
        JsonNode models = session.services().trainer().models();
        Console console = session.console();
        console.result(models, () -> {
            Table table = new Table("MODEL", "VERSIONS", "IN PRODUCTION", "ACCURACY");
            for (JsonNode model : models) {
                table.row(
                        model.path("name").asText(),
                        model.path("versions").asText(),
                        model.path("production").asText("-"),
                        model.path("testAccuracy").isNumber()
                                ? Training.percent(model.path("testAccuracy").asDouble())
                                : "-");
            }
            table.lines().forEach(line -> console.say("%s", line));
        });
    }
}
