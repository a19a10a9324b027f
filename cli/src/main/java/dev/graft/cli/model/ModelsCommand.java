package dev.graft.cli.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Fractions;
import dev.graft.cli.console.Table;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import picocli.CommandLine.Command;

/// Lists the models.
@Command(name = "models", description = "List the models, their versions and which of them is in production.")
public final class ModelsCommand extends SessionCommand {
    @Override
    protected void run(Session session) throws Exception {
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
                                ? Fractions.percent(model.path("testAccuracy").asDouble())
                                : "-");
            }
            table.lines().forEach(line -> console.say("%s", line));
        });
    }
}
